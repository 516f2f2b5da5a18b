/**
 * A curve that leaves light below `knee` as it is, and above lets it rise as a logarithm, with the same slope where they meet, so that `peak`
 * comes out as `top`. Needs knee < top < peak.
 */
export function shoulder(knee: number, peak: number, top: number): (light: number) => number {
  const softness = findSoftness(peak - knee, top - knee);
  return (light) => (light <= knee ? light : knee + rise(light - knee, softness));
}

function rise(above: number, softness: number): number {
  return softness * Math.log1p(above / softness);
}

/** Halves an interval in which the softness lies until doubles cannot tell its ends apart; the softer, the higher the curve ends. */
function findSoftness(above: number, wanted: number): number {
  let [low, high] = [1e-6, 1000];
  for (let step = 0; step < 80; step++) {
    const middle = (low + high) / 2;
    if (rise(above, middle) > wanted) high = middle;
    else low = middle;
  }
  return low;
}
