// Sign-in pages: one centred card, one task. Also right inside a 400 × 640 popup.
import type { Children } from "@kitajs/html"
import { ErrorSummary, FlashLine } from "../ui/feedback.tsx"
import { ThemeSwitch } from "../ui/theme.tsx"
import { BrandMark } from "./brand.tsx"
import type { FormErrors, Frame } from "./frame.ts"
import { Page } from "./page.tsx"

export interface AuthLayoutProps {
  frame: Frame
  /** The browser's title. */
  title: string
  /** The page's one heading; absent when `head` or the body brings its own. */
  heading?: string | undefined
  /** One or two sentences that belong to the heading: what this is for, before any message. */
  lead?: Children
  /** In place of heading and lead, for a page that opens with more than words. */
  head?: Children
  errors?: FormErrors | undefined
  /** Who is signed in, beside the mark: for a page on which that decides. */
  account?: Children
  children: Children
  /** Goes on to this address by itself, without scripts. */
  goesTo?: string | undefined
  /** One line below the card: the other way in or out. */
  aside?: Children
}

export function AuthLayout(props: AuthLayoutProps): JSX.Element {
  const { frame } = props
  return (
    <Page frame={frame} title={props.title} kind="auth" goesTo={props.goesTo}>
      <header class={props.account ? "auth-head with-account" : "auth-head"}>
        <a class="brand" href="/">
          <BrandMark brand={frame.brand} />
        </a>
        {props.account}
      </header>
      <main id="main" tabindex="-1">
        <div class="card">
          {props.heading ? (
            <div class="card-head">
              <h1 safe>{props.heading}</h1>
              {props.lead}
            </div>
          ) : null}
          {props.head}
          <FlashLine flash={frame.flash} />
          <ErrorSummary errors={props.errors} />
          {props.children}
        </div>
        <div class="aside">{props.aside}</div>
      </main>
      <footer class="auth-foot">
        {frame.demo ? (
          <p>
            Demo mode: nothing here is real money. Mail arrives in the <a href="/mailbox">mailbox</a>.
          </p>
        ) : null}
        <p>
          <a href="/terms">Terms</a>
          {" · "}
          <a href="/privacy">Privacy</a>
        </p>
        <ThemeSwitch frame={frame} />
      </footer>
    </Page>
  )
}
