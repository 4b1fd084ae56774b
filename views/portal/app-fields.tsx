// The fields of an app, shared by the first visit, the page of a new app and the page of an app that is there.
import type { FormErrors } from "../layout/frame.ts"
import { Area, Choice, Choices, Field } from "../ui/index.ts"

export interface ScopeOption {
  scope: string
  /** What the person will read at consent. */
  sentence: string
}

export interface AppValues {
  name?: string | undefined
  type?: string | undefined
  /** "test" or "". */
  mode?: string | undefined
  redirect_uris?: string | undefined
  homepage_url?: string | undefined
  /** Ticked scopes. */
  scope?: readonly string[] | undefined
}

interface Fields {
  values?: AppValues | undefined
  errors?: FormErrors | undefined
}

export function NameField({ values, errors }: Fields): JSX.Element {
  return (
    <Field
      name="name"
      label="Name"
      required
      maxlength={80}
      help="People read it when they sign in."
      value={values?.name}
      error={errors?.name}
    />
  )
}

export function TypeChoices({ values, errors }: Fields): JSX.Element {
  return (
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
  )
}

export function RedirectUrisArea({ values, errors }: Fields): JSX.Element {
  return (
    <Area
      name="redirect_uris"
      label="Redirect URIs"
      required
      mono
      rows={3}
      help="One per line, compared exactly. Allowed: https, http on 127.0.0.1 or localhost, and your app’s own scheme."
      value={values?.redirect_uris}
      error={errors?.redirect_uris}
    />
  )
}

/** Ticked before anybody chose: what most apps need. */
const USUAL = ["profile", "email", "llm"]

export function ScopeChoices({ scopes, values, errors }: Fields & { scopes: readonly ScopeOption[] }): JSX.Element {
  const ticked = values?.scope ?? USUAL
  return (
    <Choices
      legend="Scopes"
      name="scope"
      help="Ask for as little as you can. openid and offline_access are always allowed."
      error={errors?.scope}
      options={scopes.map((option) => ({
        value: option.scope,
        label: option.scope,
        help: option.sentence,
        checked: ticked.includes(option.scope),
      }))}
    />
  )
}

export function HomepageField({ values, errors }: Fields): JSX.Element {
  return (
    <Field
      name="homepage_url"
      label="Homepage"
      type="url"
      optional
      value={values?.homepage_url}
      error={errors?.homepage_url}
    />
  )
}

export function TestModeChoice({ values }: Fields): JSX.Element {
  return (
    <Choice
      name="mode"
      value="test"
      id="mode"
      label="Test mode"
      help="Its calls reach only the sandbox model and spend test credits. You cannot change this later."
      checked={values?.mode === "test"}
    />
  )
}
