// One issuer: a new one, its terms with its redirect URI, and its removal.
import { ConfirmPage } from "../layout/confirm-page.tsx"
import { Facts } from "../layout/detail-page.tsx"
import { EditPage } from "../layout/edit-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { plural } from "../ui/format.ts"
import { Button, CopyLine, Form, type FormView, Segments, type SegmentsProps, When } from "../ui/index.ts"
import { type IssuerRow, IssuerState, issuerPath } from "./issuers.tsx"

const UP = { href: "/admin/issuers", label: "Sign-in" }

export interface AdminIssuerNewProps {
  frame: Frame
  form: FormView
  kinds: SegmentsProps["links"]
  preset: "google" | "oidc"
  callback: string
}

export function AdminIssuerNewPage({ frame, form, kinds, preset, callback }: AdminIssuerNewProps): JSX.Element {
  return (
    <EditPage
      frame={frame}
      title="New issuer"
      section="Admin"
      lead="Register this server with the issuer first: it gives you a client ID and a secret."
      up={UP}
      form={form}
      cancelHref="/admin/issuers"
      before={
        <>
          <Segments label="Kind of issuer" links={kinds} />
          <section class="page-form" aria-labelledby="register-title">
            <h2 id="register-title">At the issuer</h2>
            {preset === "google" ? (
              <p>
                {"Open "}
                <a href="https://console.cloud.google.com/auth/clients" rel="noreferrer">
                  Google Cloud, Clients
                </a>
                , create a client of the type “Web application”, and add this authorised redirect URI:
              </p>
            ) : (
              <p>
                Create a confidential client for the authorization code flow with this redirect URI, with the short name
                that you choose below at its end:
              </p>
            )}
            <CopyLine id="callback" text={callback} />
          </section>
        </>
      }
    />
  )
}

export interface AdminIssuerProps {
  frame: Frame
  now: number
  addedMs: number
  issuer: IssuerRow
  form: FormView
}

export function AdminIssuerPage({ frame, now, addedMs, issuer, form }: AdminIssuerProps): JSX.Element {
  const path = issuerPath(issuer.slug)
  return (
    <EditPage
      frame={frame}
      title={issuer.name}
      section="Admin"
      lead="What you change holds for the next sign-in. Who is signed in stays so."
      up={UP}
      form={form}
      heading="Settings"
      before={
        <section aria-labelledby="state-title">
          <h2 id="state-title" class="sr">
            State
          </h2>
          <div class="badges">
            <IssuerState active={issuer.active} />
            <Form action={`${path}/test`} csrf={frame.csrf} class="cell-form">
              <Button small label="Test" />
            </Form>
            <Form
              action={`${path}/${issuer.active ? "deactivation" : "activation"}`}
              csrf={frame.csrf}
              class="cell-form"
            >
              <Button small label={issuer.active ? "Turn off" : "Turn on"} />
            </Form>
            {issuer.byEnvironment ? null : <Button small dialog href={`${path}/removal`} label="Remove" />}
          </div>
          <div class="page-form">
            <Facts
              wide
              facts={[
                { label: "Issuer", text: issuer.issuer },
                { label: "Redirect URI", value: <CopyLine id="callback" text={issuer.callback} /> },
                { label: "People", text: peopleWords(issuer) },
                { label: "Added", value: <When ms={addedMs} now={now} /> },
              ]}
            />
          </div>
          {issuer.byEnvironment ? (
            <p class="quiet page-form">
              Client ID and secret come from PURSER_GOOGLE_CLIENT_ID and PURSER_GOOGLE_CLIENT_SECRET.
            </p>
          ) : null}
        </section>
      }
    />
  )
}

function peopleWords({ people, onlyWay }: IssuerRow): string {
  if (people === 0) return "Nobody has signed in with it yet."
  return onlyWay === 0
    ? `${plural(people, "person", "people")} can sign in with it.`
    : `${plural(people, "person", "people")} can sign in with it, ${onlyWay} of them by it alone.`
}

export interface AdminIssuerRemovalProps {
  frame: Frame
  issuer: IssuerRow
  form: FormView
}

export function AdminIssuerRemovalPage({ frame, issuer, form }: AdminIssuerRemovalProps): JSX.Element {
  return (
    <ConfirmPage
      frame={frame}
      title={`Remove ${issuer.name}?`}
      section="Admin"
      up={UP}
      words={[
        "Nobody can sign in with it any more. Accounts stay, and so does who is signed in.",
        issuer.onlyWay > 0
          ? `${plural(issuer.onlyWay, "person has", "people have")} no other way in: they set a password by “Forgot your password?”.`
          : "Everybody who used it has another way in.",
        "Added again, with the same issuer, it knows its people again.",
      ]}
      form={form}
      cancelHref={issuerPath(issuer.slug)}
    />
  )
}
