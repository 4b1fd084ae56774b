// The consent page: who wants what, and what it can cost at most per day. Trust in five seconds; Approve and Cancel are equal.
// RFC 6749 §10.2; the form carries only an opaque transaction id, never request parameters.
import { creditsDecimal, NANO_PER_CREDIT, type Nano } from "../../src/app/units.ts"
import { AuthLayout } from "../layout/auth.tsx"
import type { FormErrors, Frame } from "../layout/frame.ts"
import { Avatar, Badge, Button, Form, Icon, Notice } from "../ui/index.ts"

export interface ConsentScope {
  /** The scope token, such as `llm`. */
  scope: string
  /** What it allows, as a plain sentence: "Chat with AI models with your credits". */
  sentence: string
  checked: boolean
  /** Present for AI scopes: what this scope may cost per UTC day. */
  limit?:
    | {
        /** The figure in the field, n$. */
        perDay: Nano
        /** Right end of the slider, n$. */
        max: Nano
        /** For "about N chats": what one typically costs and what it is called. */
        estimate?: { each: Nano; noun: string } | undefined
        /** What was typed, when it could not be read. */
        typed?: string | undefined
      }
    | undefined
}

export interface ConsentProps {
  frame: Frame
  txn: string
  client: {
    name: string
    iconUrl?: string | undefined
    developerName: string
    verified: boolean
    /** Host of the validated redirect URI, or its scheme for native apps. */
    returnHost: string
    /** The redirect URI is a loopback address: any program on this computer could be asking. */
    loopback: boolean
  }
  /** Email of the person who is signed in. */
  email: string
  /** Everything asked for but `openid`, which is always part of signing in. */
  scopes: readonly ConsentScope[]
  errors?: FormErrors | undefined
}

/** POST /authorize/consent: txn, scope (repeated), limit_<scope> in credits, decision=approve|deny, csrf. */
export function ConsentPage(props: ConsentProps): JSX.Element {
  const { frame, txn, client, scopes, errors } = props
  const identity = scopes.filter((scope) => !scope.limit)
  const spending = scopes.filter((scope) => scope.limit)
  return (
    <AuthLayout
      frame={frame}
      title={`Connect ${client.name}`}
      errors={errors}
      aside={
        <p>
          {"Signed in as "}
          <bdi safe>{props.email}</bdi>. <a href="/logout">Not you?</a>
        </p>
      }
    >
      <div class="consent-head">
        <Avatar name={client.name} src={client.iconUrl} large />
        <div>
          <h1>
            {"Connect "}
            <bdi safe>{client.name}</bdi>
          </h1>
          <p class="by">
            <span>
              {"by "}
              <bdi safe>{client.developerName}</bdi>
            </span>
            {client.verified ? <Badge tone="ok" text="Verified" /> : <Badge tone="warn" text="Not verified" />}
          </p>
        </div>
      </div>
      {client.loopback ? (
        <Notice
          tone="warn"
          text="This app runs on your own computer. Approve only if you have just started it yourself."
        />
      ) : null}
      <Form action="/authorize/consent" csrf={frame.csrf} hidden={{ txn }} class="form consent">
        <fieldset class="scopes">
          <legend>It will</legend>
          <div class="choice fixed">
            <Icon name="check" />
            <p>Know that it is you when you come back</p>
          </div>
          {identity.map((scope) => (
            <ScopeChoice scope={scope} />
          ))}
        </fieldset>
        {spending.length > 0 ? (
          <fieldset class="scopes">
            <legend>It may spend your credits to</legend>
            {spending.map((scope) => (
              <div class="spend">
                <ScopeChoice scope={scope} />
                <LimitField scope={scope} error={errors?.[`limit_${scope.scope}`]} />
              </div>
            ))}
            <p class="help">You can change or stop this at any time under Apps.</p>
          </fieldset>
        ) : null}
        <div class="pair">
          <Button name="decision" value="deny" label="Cancel" />
          <Button kind="primary" name="decision" value="approve" label="Approve" />
        </div>
        <p class="return">
          {"Either way you go back to "}
          <bdi class="strong" safe>
            {client.returnHost}
          </bdi>
        </p>
      </Form>
    </AuthLayout>
  )
}

function ScopeChoice({ scope }: { scope: ConsentScope }): JSX.Element {
  const id = `scope-${scope.scope}`
  return (
    <div class="choice">
      <input type="checkbox" name="scope" value={scope.scope} id={id} checked={scope.checked} />
      <label for={id} safe>
        {scope.sentence}
      </label>
    </div>
  )
}

/** A number of credits per day; where scripts run a slider beside it, and "about N chats" follows the number. */
function LimitField({ scope, error }: { scope: ConsentScope; error?: string | undefined }): JSX.Element {
  if (!scope.limit) return ""
  const { perDay, max, estimate, typed } = scope.limit
  const id = `limit_${scope.scope}`
  const about = estimate ? Math.floor(perDay / Math.max(1, estimate.each)) : 0
  const described = [error ? `${id}-error` : "", estimate ? `${id}-about` : ""].filter(Boolean).join(" ")
  return (
    <div class={error ? "limit invalid" : "limit"}>
      <label for={id}>At most per day</label>
      <input
        type="range"
        min="0"
        max={creditsDecimal(max)}
        step="1"
        value={creditsDecimal(perDay)}
        data-sync={id}
        aria-label={`At most per day for: ${scope.sentence}`}
        hidden
      />
      <span class="control">
        <input
          id={id}
          name={id}
          type="number"
          inputmode="decimal"
          min="0"
          step="any"
          value={typed ?? creditsDecimal(perDay)}
          required
          aria-invalid={error ? "true" : undefined}
          aria-describedby={described || undefined}
        />
        <span class="suffix">credits</span>
      </span>
      {estimate ? (
        <p class="help" id={`${id}-about`}>
          {"about "}
          <span class="num" data-about={id} data-each={String(estimate.each / NANO_PER_CREDIT)}>
            {about}
          </span>{" "}
          <span safe>{estimate.noun}</span>
        </p>
      ) : null}
      {error ? (
        <p class="error" id={`${id}-error`}>
          <Icon name="alert" />
          <span safe>{error}</span>
        </p>
      ) : null}
    </div>
  )
}
