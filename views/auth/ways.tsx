// Ways to sign in that others offer: a button each, above the form of this house.
import { Icon } from "../ui/icon.tsx"

export interface IssuerWay {
  href: string
  name: string
  preset: "google" | "oidc"
}

interface IssuerWaysProps {
  ways: readonly IssuerWay[]
  /** As the page means it: "Sign in", "Sign up". */
  verb: string
  /** Says what whoever is new agrees to by these, where the page does not. */
  agrees?: boolean
}

export function IssuerWays({ ways, verb, agrees }: IssuerWaysProps): JSX.Element {
  if (ways.length === 0) return ""
  return (
    <>
      <div class="ways">
        {ways.map(({ href, name, preset }) => (
          <a class="button plain wide" href={href}>
            <IssuerMark preset={preset} />
            <span>
              <span safe>{verb}</span>
              {" with "}
              <bdi safe>{name}</bdi>
            </span>
          </a>
        ))}
      </div>
      {agrees ? (
        <p class="quiet agree">
          New here? These make an account, and you agree to the <a href="/terms">terms</a>.
        </p>
      ) : null}
      <p class="or">
        <span>or</span>
      </p>
    </>
  )
}

/** Google's own mark where its rules ask for it; a door for all others. */
export function IssuerMark({ preset }: Pick<IssuerWay, "preset">): JSX.Element {
  if (preset !== "google") return <Icon name="key" />
  return (
    <svg class="icon google" viewBox="0 0 48 48" aria-hidden="true" focusable="false">
      <path d="M24 9.5c3.54 0 6.71 1.22 9.21 3.6l6.85-6.85C35.9 2.38 30.47 0 24 0 14.62 0 6.51 5.38 2.56 13.22l7.98 6.19C12.43 13.72 17.74 9.5 24 9.5z" />
      <path d="M46.98 24.55c0-1.57-.15-3.09-.38-4.55H24v9.02h12.94c-.58 2.96-2.26 5.48-4.78 7.18l7.73 6c4.51-4.18 7.09-10.36 7.09-17.65z" />
      <path d="M10.53 28.59a14.5 14.5 0 0 1 0-9.18l-7.98-6.19a24.02 24.02 0 0 0 0 21.56l7.98-6.19z" />
      <path d="M24 48c6.48 0 11.93-2.13 15.89-5.81l-7.73-6c-2.15 1.45-4.92 2.3-8.16 2.3-6.26 0-11.57-4.22-13.47-9.91l-7.98 6.19C6.51 42.62 14.62 48 24 48z" />
    </svg>
  )
}
