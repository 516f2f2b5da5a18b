import { PROVIDER_NAMES, type Provider } from "#domain/identity.ts";

/** A link to each provider that signs people in here; `next` is where to go afterwards. */
export function ProviderButtons({ providers, next }: { providers: readonly Provider[]; next: string }) {
  if (providers.length === 0) return <></>;
  return (
    <div class="actions">
      {providers.map((provider) => (
        <a class="button" data-next={next} href={`/api/auth/${provider}/login?next=${encodeURIComponent(next)}`}>
          Sign in with {PROVIDER_NAMES[provider]}
        </a>
      ))}
    </div>
  );
}
