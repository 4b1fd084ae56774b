// The consent page: who wants what, and what it can cost at most per day. Trust in five seconds; Approve and Cancel are equal.
// RFC 6749 §10.2; the form carries only an opaque interaction id, never request parameters.
import { type Nano, nano } from "../../src/app/units.ts"
import { assetUrl } from "../layout/assets.ts"
import { AuthLayout } from "../layout/auth.tsx"
import type { FormErrors, Frame } from "../layout/frame.ts"
import { creditsText } from "../ui/format.ts"
import { Avatar, Button, Form, Icon, Notice } from "../ui/index.ts"
import { isOneLimit, ScopeChoice, Spending } from "./consent-spending.tsx"
import { type AppOrigin, DeviceCode, Origin, Verified, type WaitingDevice } from "./consent-who.tsx"
import { AGAIN } from "./consent-words.ts"
import type { DailyLimit } from "./limit.tsx"
import { withInteraction } from "./login.tsx"
import type { PayerOption } from "./payer.tsx"
import type { ToolAsk } from "./tool-choice.tsx"

export interface ConsentScope {
  /** The scope token, such as `llm`. */
  scope: string
  /** What it allows, as a plain sentence: "Chat with AI models with your credits". */
  sentence: string
  checked: boolean
  /** Not asked for before; marked when the app comes back for more. */
  isNew?: boolean | undefined
  /** Present for AI scopes: what this scope may cost per UTC day. */
  limit?: DailyLimit | undefined
  /** What the app proposes a day. */
  suggested?: Nano | undefined
  /** Of the scope `mcp`: which tools. */
  tools?: ToolAsk | undefined
  /** It opens the account itself, by its tools. */
  account?: boolean | undefined
}

export interface ConsentProps {
  frame: Frame
  interaction: string
  client: {
    name: string
    iconUrl?: string | undefined
    /** Who answers for it. */
    origin: AppOrigin
    /** The operator of this server has checked who makes it. */
    verified: boolean
    /** The domain that its developer has shown to be theirs. */
    domain?: string | undefined
    /** Basis points of the model's price that its developer earns by each call, on top; absent: nobody does. */
    share?: number | undefined
    /** Its own pages, https: "Website", "Privacy", "Terms", "Help". */
    links: readonly { label: string; href: string }[]
    /** Host of the validated redirect URI, or its scheme for native apps; null: the answer goes to a device. */
    returnHost: string | null
    /** The redirect URI is a loopback address: any program on this computer could be asking. */
    loopback: boolean
  }
  device?: WaitingDevice | undefined
  /** Who is signed in, and would be connected. */
  person: { name: string | null; email: string }
  /** What they can spend now; absent where the app spends test credits only. */
  balance?: Nano | undefined
  /** The first of it is paid by the app: for each person at most, and what is left of it for this one. */
  sponsored?: { capNano: Nano; leftNano: Nano } | undefined
  /** Free credits of today that were not claimed: the first call does it. None or 0: nothing is said. */
  free?: Nano | undefined
  /** Why somebody who said yes before is asked again; absent the first time. */
  again?: keyof typeof AGAIN | undefined
  /** Everything asked for but `openid`, which is always part of signing in. */
  scopes: readonly ConsentScope[]
  /** Whose credits it may spend, where there is a choice. */
  payers?: readonly PayerOption[] | undefined
  errors?: FormErrors | undefined
}

/**
 * POST /authorize/consent: interaction, scope (repeated), limit_<scope> in credits, decision=approve|deny, csrf.
 * Enter in a limit presses the first button of its form: Cancel has a form of its own, or whoever types a limit would refuse.
 */
export function ConsentPage(props: ConsentProps): JSX.Element {
  const { frame, interaction, client, scopes, errors } = props
  const identity = scopes.filter((scope) => !scope.limit && !scope.account)
  const account = scopes.filter((scope) => scope.account)
  const spending = scopes.filter((scope) => scope.limit)
  return (
    <AuthLayout
      frame={frame}
      title={`Connect ${client.name}`}
      errors={isOneLimit(errors) ? undefined : errors}
      head={<AskingApp client={client} />}
      account={<AccountChip person={props.person} switchHref={`${withInteraction("/login", interaction)}&as=choose`} />}
    >
      {props.again ? <Notice text={AGAIN[props.again]} /> : null}
      {client.loopback ? (
        <Notice
          tone="warn"
          text={
            client.origin.kind === "document"
              ? `This app returns to your own computer, where any program can call itself ${client.name}. Approve only if you have just started it yourself.`
              : "This app runs on your own computer. Approve only if you have just started it yourself."
          }
        />
      ) : null}
      {props.device ? <DeviceCode device={props.device} /> : null}
      <Form action="/authorize/consent" csrf={frame.csrf} hidden={{ interaction }} class="form consent">
        <Spending {...props} scopes={spending} share={client.share} />
        <Identity scopes={identity} isMore={spending.length > 0} />
        <Account scopes={account} />
        <div class="decide">
          <AtMost scopes={spending} />
          <div class="pair">
            <Button form="deny" label="Cancel" />
            <Button kind="primary" name="decision" value="approve" label="Approve" />
          </div>
          <p class="return">
            {client.returnHost === null ? (
              "Your device hears of either."
            ) : (
              <>
                {"Both lead back to "}
                <bdi class="strong" safe>
                  {client.returnHost}
                </bdi>
              </>
            )}
          </p>
        </div>
      </Form>
      <Form id="deny" isAway action="/authorize/consent" csrf={frame.csrf} hidden={{ interaction, decision: "deny" }} />
    </AuthLayout>
  )
}

/** Who asks: the first thing on the page, before any message. */
function AskingApp({ client }: { client: ConsentProps["client"] }): JSX.Element {
  return (
    <div class="consent-head">
      <Avatar name={client.name} src={client.iconUrl} large />
      <div>
        <h1>
          {"Connect "}
          <bdi safe>{client.name}</bdi>
        </h1>
        <p class="by">
          <Origin origin={client.origin} />
          <Verified verified={client.verified} domain={client.domain} origin={client.origin} />
        </p>
        {client.links.length > 0 ? (
          <ul class="plain app-links">
            {client.links.map((link) => (
              <li>
                <a href={link.href} target="_blank" rel="noopener noreferrer nofollow" safe>
                  {link.label}
                </a>
              </li>
            ))}
          </ul>
        ) : null}
      </div>
    </div>
  )
}

/** Whose account it is about, before anything is read. */
function AccountChip({ person, switchHref }: { person: ConsentProps["person"]; switchHref: string }): JSX.Element {
  return (
    <p class="account-chip">
      <Avatar name={person.name ?? person.email} />
      <bdi title={person.email} safe>
        {person.email}
      </bdi>
      <a href={switchHref}>Not you?</a>
    </p>
  )
}

/** What it learns of the person. */
function Identity({ scopes, isMore }: Pick<ConsentProps, "scopes"> & { isMore: boolean }): JSX.Element {
  return (
    <fieldset class="scopes">
      <legend>{isMore ? "It will also" : "It will"}</legend>
      <div class="choice fixed">
        <Icon name="check" />
        <p>Know it is you when you return</p>
      </div>
      {scopes.map((scope) => (
        <ScopeChoice scope={scope} />
      ))}
    </fieldset>
  )
}

/** What it may do in the account itself. */
function Account({ scopes }: Pick<ConsentProps, "scopes">): JSX.Element {
  if (scopes.length === 0) return ""
  return (
    <fieldset class="scopes">
      <legend>In your account it may</legend>
      {scopes.map((scope) => (
        <ScopeChoice scope={scope} />
      ))}
      <p class="help">It cannot raise a limit, make a key, buy anything or see a secret, whatever you tick.</p>
    </fieldset>
  )
}

/** The sum that scripts keep true while limits are typed. */
function AtMost({ scopes }: Pick<ConsentProps, "scopes">): JSX.Element {
  if (scopes.length === 0) return <p class="most">It cannot spend your credits.</p>
  return (
    <p class="most js">
      {"At most "}
      <strong class="num" data-module={assetUrl("js/slider.js")} data-total="limit_" safe>
        {creditsText(nano(scopes.reduce((sum, { checked, limit }) => sum + (checked ? (limit?.perDay ?? 0) : 0), 0)))}
      </strong>
      {" a day."}
    </p>
  )
}
