import { RUNNER_STATUSES } from "#domain/runner.ts";
import type { EventLoopLag } from "#manager/services/event-loop-lag.ts";
import type { FarmFigures } from "#manager/services/farm-figures.ts";
import { COMMIT, VERSION } from "#system/build-info.ts";
import { DURATION_BUCKETS_SECONDS, type RouteMetric } from "../request-metrics.ts";
import type { Metric, Sample } from "./prometheus.ts";

/** Everything that the manager tells Prometheus. No label holds what users write, nor grows with what they do. */
export function managerMetrics(figures: FarmFigures, routes: readonly RouteMetric[], lag: EventLoopLag): Metric[] {
  const { queue, totals, leases, runners, freeBytes, totalBytes } = figures;
  const { rss, heapUsed } = process.memoryUsage();
  return [
    gauge("jiggablend_build_info", "The version that runs.", [
      { labels: { version: VERSION, commit: COMMIT }, value: 1 },
    ]),
    gauge("jiggablend_jobs_active", "Jobs that are not ended.", [{ value: queue.jobs }]),
    gauge("jiggablend_tasks_queued", "Tasks that wait for a runner.", [{ value: queue.tasksQueued }]),
    gauge("jiggablend_leases", "Tasks that runners work on.", [{ value: leases }]),
    gauge("jiggablend_frames_left", "Frames still to render of jobs that are not ended.", [
      { value: queue.framesLeft },
    ]),
    counter("jiggablend_frames_filed_total", "Files of frames that were accepted.", [{ value: totals.framesFiled }]),
    counter("jiggablend_filed_bytes_total", "Bytes of frames and videos that were accepted.", [
      { value: totals.bytesFiled },
    ]),
    gauge("jiggablend_stored_bytes", "Bytes that are kept, by what they are.", [
      { labels: { kind: "upload" }, value: totals.uploadBytes },
      { labels: { kind: "frame" }, value: totals.frameBytes },
      { labels: { kind: "video" }, value: totals.videoBytes },
    ]),
    gauge("jiggablend_storage_free_bytes", "Room on the disk of the storage.", [{ value: freeBytes }]),
    gauge("jiggablend_storage_size_bytes", "Size of the disk of the storage.", [{ value: totalBytes }]),
    gauge(
      "jiggablend_runners",
      "Runners, by state.",
      RUNNER_STATUSES.map((state) => ({ labels: { state }, value: runners[state] })),
    ),
    counter("jiggablend_http_requests_total", "Requests, by route and class of result.", routes.map(requests)),
    {
      name: "jiggablend_http_request_duration_seconds",
      help: "How long requests took, by route and class of result.",
      type: "histogram",
      samples: routes.flatMap(durations),
    },
    gauge("jiggablend_event_loop_lag_seconds", "How late the manager's timers were just now.", [
      { value: lag.seconds() },
    ]),
    gauge("jiggablend_event_loop_lag_max_seconds", "The latest they have been since the start.", [
      { value: lag.maxSeconds() },
    ]),
    gauge("process_resident_memory_bytes", "Resident memory.", [{ value: rss }]),
    gauge("process_heap_bytes", "Memory of the heap in use.", [{ value: heapUsed }]),
    gauge("process_start_time_seconds", "When the manager was started, in seconds since 1970.", [
      { value: performance.timeOrigin / 1000 },
    ]),
    counter("process_cpu_seconds_total", "Time on the processor.", [{ value: cpuSeconds() }]),
  ];
}

function gauge(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name, help, type: "gauge", samples };
}

function counter(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name, help, type: "counter", samples };
}

function requests({ method, route, status, count }: RouteMetric): Sample {
  return { labels: { method, route, status }, value: count };
}

function durations({ method, route, status, count, seconds, buckets }: RouteMetric): Sample[] {
  const labels = { method, route, status };
  const bucket = (le: string, value: number): Sample => ({ suffix: "_bucket", labels: { ...labels, le }, value });
  return [
    ...DURATION_BUCKETS_SECONDS.map((most, i) => bucket(String(most), buckets[i]!)),
    bucket("+Inf", count),
    { suffix: "_sum", labels, value: seconds },
    { suffix: "_count", labels, value: count },
  ];
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
