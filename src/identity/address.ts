// Which addresses may have an account here: by lists that the executable carries and by the operator's word. It depends on the domain alone,
// so it tells nobody who has an account.
import type { Core } from "./core.ts"
import { isDisposable } from "./lists/index.ts"
import { DOMAINS_ALLOWED, DOMAINS_BLOCKED, domainsOf, REFUSE_DISPOSABLE } from "./settings.ts"

const liesBelow = (domain: string, of: readonly string[]): boolean =>
  of.some((one) => domain === one || domain.endsWith(`.${one}`))

/** Words for the form; null = it may. @param email normalised */
export function addressProblem({ settings }: Pick<Core, "settings">, email: string): string | null {
  const domain = email.slice(email.lastIndexOf("@") + 1)
  if (liesBelow(domain, domainsOf(settings.get(DOMAINS_ALLOWED)))) return null
  if (liesBelow(domain, domainsOf(settings.get(DOMAINS_BLOCKED))))
    return "Addresses of this domain cannot be used here. Use another one."
  return settings.get(REFUSE_DISPOSABLE) === "refuse" && isDisposable(domain)
    ? "Mail to this domain is thrown away. Use an address that you keep."
    : null
}
