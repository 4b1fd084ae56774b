// What is right and wrong with the redirect URIs of a form, while they are typed. Without scripts the form says it when it is sent.
import { assetUrl } from "../layout/assets.ts"
import { Icon } from "../ui/index.ts"

export interface RedirectLine {
  uri: string
  /** In words; null: it can be registered. */
  problem: string | null
}

/** Below the field. @param form a selector of the form that is looked at @param app whose form does not ask for a type */
export function RedirectChecks({ form, app }: { form: string; app?: string }): JSX.Element {
  return (
    <div
      class="js redirect-place"
      aria-live="polite"
      data-module={assetUrl("js/preview.js")}
      data-preview={`/developer/apps${app === undefined ? "" : `/${encodeURIComponent(app)}`}/redirect-uris`}
      data-form={form}
    >
      <p class="help">Each address is checked here while you type.</p>
    </div>
  )
}

/** The answer to GET /developer/apps/redirect-uris and /developer/apps/:app/redirect-uris. */
export function RedirectLines({ lines }: { lines: readonly RedirectLine[] }): JSX.Element {
  if (lines.length === 0) return ""
  return (
    <ul class="plain redirect-checks">
      {lines.map(({ uri, problem }) => (
        <li class={problem === null ? "ok" : "bad"}>
          <Icon name={problem === null ? "check" : "alert"} />
          <span>
            <code safe>{uri}</code>{" "}
            <span class="quiet" safe>
              {problem ?? fits(uri)}
            </span>
          </span>
        </li>
      ))}
    </ul>
  )
}

const fits = (uri: string): string =>
  /^http:/.test(uri)
    ? "On the person’s own machine, any port."
    : uri.startsWith("https:")
      ? "Exactly this address."
      : "Your app’s own scheme."
