// Register an OAuth client. RFC 6749 §2; redirect URIs are compared exactly (RFC 9700 §2.1).
import { ConsoleLayout } from "../layout/console.tsx"
import type { FormErrors, Frame } from "../layout/frame.ts"
import { Area, Button, Choices, ErrorSummary, Field, Form } from "../ui/index.ts"

export interface ScopeOption {
  scope: string
  /** What the person will read at consent. */
  sentence: string
}

export interface AppNewProps {
  frame: Frame
  scopes: readonly ScopeOption[]
  values?:
    | {
        name?: string | undefined
        type?: string | undefined
        redirect_uris?: string | undefined
        homepage_url?: string | undefined
        /** Ticked scopes. */
        scope?: readonly string[] | undefined
      }
    | undefined
  errors?: FormErrors | undefined
}

/** POST /developer/apps: name, type=public|confidential, redirect_uris (one a line), scope (repeated), homepage_url, csrf. */
export function AppNewPage({ frame, scopes, values, errors }: AppNewProps): JSX.Element {
  const ticked = values?.scope ?? ["profile", "email", "llm"]
  return (
    <ConsoleLayout
      frame={frame}
      title="New app"
      section="Developer"
      lead="What people will see when they sign in, and where they return to."
      up={{ href: "/developer", label: "Your apps" }}
    >
      <ErrorSummary errors={errors} />
      <Form action="/developer/apps" csrf={frame.csrf} class="form page-form">
        <Field
          name="name"
          label="Name"
          required
          maxlength={80}
          help="Shown on the consent page."
          value={values?.name}
          error={errors?.name}
        />
        <Choices
          legend="Type"
          name="type"
          type="radio"
          error={errors?.type}
          options={[
            {
              value: "public",
              label: "Public",
              help: "Runs in a browser, on a phone or in a terminal. It cannot keep a secret and uses PKCE alone.",
              checked: values?.type !== "confidential",
            },
            {
              value: "confidential",
              label: "Confidential",
              help: "Has a server. It gets a client secret and uses PKCE as well.",
              checked: values?.type === "confidential",
            },
          ]}
        />
        <RedirectUrisArea value={values?.redirect_uris} error={errors?.redirect_uris} />
        <Choices
          legend="Scopes"
          name="scope"
          help="Ask for as little as you can. openid is always included."
          error={errors?.scope}
          options={scopes.map((option) => ({
            value: option.scope,
            label: option.scope,
            help: option.sentence,
            checked: ticked.includes(option.scope),
          }))}
        />
        <HomepageField value={values?.homepage_url} error={errors?.homepage_url} />
        <Button kind="primary" label="Create app" />
      </Form>
    </ConsoleLayout>
  )
}

interface Shared {
  value?: string | undefined
  error?: string | undefined
}

export function RedirectUrisArea({ value, error }: Shared): JSX.Element {
  return (
    <Area
      name="redirect_uris"
      label="Redirect URIs"
      required
      mono
      rows={3}
      help="One a line, compared exactly. https, http on 127.0.0.1 or localhost, or your app's own scheme."
      value={value}
      error={error}
    />
  )
}

export function HomepageField({ value, error }: Shared): JSX.Element {
  return <Field name="homepage_url" label="Homepage" type="url" optional value={value} error={error} />
}
