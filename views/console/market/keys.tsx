// Keys of a subscription: which there are, one made (its secret shown once), changed, rotated with a grace, revoked.

import { ConfirmPage } from "../../layout/confirm-page.tsx"
import { plural } from "../../ui/format.ts"
import {
  Badge,
  Button,
  CodeTabs,
  Count,
  Empty,
  Form,
  FormOf,
  type FormView,
  Notice,
  Secret,
  Stat,
  Table,
  When,
} from "../../ui/index.ts"
import { AgentSection } from "./agent.tsx"
import { ProductFrame } from "./frame.tsx"
import type { DocSample, ProductPage } from "./types.ts"
import { keyPath, marketPath } from "./words.ts"

export type MarketKeyState = "active" | "expired" | "revoked"

export interface MarketKeyRow {
  id: string
  name: string
  /** `ak_live_Ab12` */
  prefix: string
  state: MarketKeyState
  /** Gets stored examples. */
  isTest?: boolean | undefined
  access: "read" | "all"
  hasIpRules: boolean
  /** Calls must be signed. */
  isSigned: boolean
  createdMs: number
  lastUsedMs: number | null
  expiresMs: number | null
  calls: number
}

const STATES = {
  active: { text: "Active", tone: "ok" },
  expired: { text: "Expired", tone: "warn" },
  revoked: { text: "Revoked", tone: "neutral" },
} as const

const ACCESS = { read: "Reads only", all: "All methods" } as const

export interface MarketKeysProps extends ProductPage {
  keys: readonly MarketKeyRow[]
  /** Undefined = no more can be made. */
  form?: FormView | undefined
  keysMax: number
  /** Where MCP clients find the endpoints as tools. */
  mcpUrl: string
}

/** GET /marketplace/:product/keys; POST makes one. */
export function MarketKeysPage(props: MarketKeysProps): JSX.Element {
  const { frame, product, now, keys, form, keysMax, mcpUrl } = props
  return (
    <ProductFrame {...props} tab="keys">
      <section aria-labelledby="keys-title">
        <h2 id="keys-title">Keys</h2>
        <p class="quiet">
          {"All keys share the quota of your subscription. "}
          <a href={marketPath(product.slug, "docs")}>How a call carries one</a>
        </p>
        <KeyTable keys={keys} product={product} now={now} />
      </section>
      <section aria-labelledby="new-title">
        <h2 id="new-title">New key</h2>
        {form ? (
          <FormOf form={form} csrf={frame.csrf} class="form page-form" />
        ) : (
          <p
            class="quiet"
            safe
          >{`A subscription has at most ${plural(keysMax, "key")}. Revoke one to make another.`}</p>
        )}
      </section>
      <AgentSection slug={product.slug} mcpUrl={mcpUrl} subscribed />
    </ProductFrame>
  )
}

function KeyTable({ keys, product, now }: Pick<MarketKeysProps, "keys" | "product" | "now">): JSX.Element {
  return (
    <Table
      caption="Keys"
      hideCaption
      columns={[
        { label: "Name" },
        { label: "Key" },
        { label: "May", minor: true },
        { label: "Last used" },
        { label: "Works until", minor: true },
        { label: "Calls", numeric: true },
      ]}
      rows={keys.map((key) => [
        <>
          <a href={keyPath(product.slug, key.id)}>
            <bdi safe>{key.name}</bdi>
          </a>
          {key.isTest ? (
            <>
              {" "}
              <Badge text="Test" />
            </>
          ) : null}
          {key.state === "active" ? null : (
            <>
              {" "}
              <Badge {...STATES[key.state]} />
            </>
          )}
        </>,
        <code safe>{`${key.prefix}…`}</code>,
        <span safe>{`${ACCESS[key.access]}${key.hasIpRules ? ", from some addresses" : ""}`}</span>,
        <When ms={key.lastUsedMs} now={now} />,
        <When ms={key.expiresMs} now={now} never="Until revoked" />,
        <Count value={key.calls} />,
      ])}
      empty={<Empty title="No key" text="A call needs one. Make the first below; its secret is shown once." />}
    />
  )
}

export interface MarketKeyProps extends ProductPage {
  apiKey: MarketKeyRow & {
    allowedIps: readonly string[]
    deniedIps: readonly string[]
    /** The secret before, while it still works. */
    ending: { prefix: string; endsMs: number } | null
  }
  /** Made by this very request; shown once, with a call that has it in place. */
  made?: { secret: string; isKey: boolean; samples: readonly DocSample[] } | undefined
  form: FormView
}

/** GET and POST /marketplace/:product/keys/:key; :key/secret and :key/revocation. */
export function MarketKeyPage({ apiKey: key, made, form, ...rest }: MarketKeyProps): JSX.Element {
  const { frame, product, now } = rest
  const path = keyPath(product.slug, key.id)
  return (
    <ProductFrame
      {...rest}
      tab="keys"
      title={key.name}
      up={[{ href: marketPath(product.slug, "keys"), label: "Keys" }]}
    >
      <p class="badges">
        <Badge {...STATES[key.state]} />
        {key.isTest ? <Badge text="Test" /> : null}
        <Badge text={ACCESS[key.access]} />
        {key.isSigned ? <Badge text="Calls are signed" /> : null}
        <code safe>{`${key.prefix}…`}</code>
        <span class="quiet">
          {"Created "}
          <When ms={key.createdMs} now={now} />
        </span>
      </p>
      {made ? <Made made={made} path={path} /> : null}
      {key.ending ? (
        <Notice text={`The secret before, ${key.ending.prefix}…, still works for a while.`}>
          <p>
            {"It ends "}
            <When ms={key.ending.endsMs} now={now} />
            {"."}
          </p>
        </Notice>
      ) : null}
      <dl class="stats">
        <Stat label="Calls">
          <Count value={key.calls} />
        </Stat>
        <Stat label="Last used">
          <When ms={key.lastUsedMs} now={now} />
        </Stat>
        <Stat label="Works until">
          <When ms={key.expiresMs} now={now} never="Until revoked" />
        </Stat>
      </dl>
      {key.state === "revoked" ? null : (
        <>
          <div class="actions">
            <Button href={`${path}/secret`} dialog label="Rotate" />
            <Form action={`${path}/signatures${key.isSigned ? "/end" : ""}`} csrf={frame.csrf} class="cell-form">
              <Button label={key.isSigned ? "Ask for no signatures" : "Ask for signatures"} />
            </Form>
            <Button kind="danger" href={`${path}/revocation`} dialog label="Revoke" />
          </div>
          <section aria-labelledby="edit-title">
            <h2 id="edit-title">What it may do</h2>
            <FormOf form={form} csrf={frame.csrf} class="form page-form" />
          </section>
        </>
      )}
    </ProductFrame>
  )
}

function Made({ made, path }: { made: NonNullable<MarketKeyProps["made"]>; path: string }): JSX.Element {
  return (
    <>
      <Secret
        id="new-key"
        title={made.isKey ? "Your new key" : "The secret that signs"}
        secret={made.secret}
        doneHref={path}
        note="This is the only time it is shown. Keep it where your program can read it and nobody else can."
      />
      {made.samples.length === 0 ? null : (
        <section aria-labelledby="use-title">
          <h2 id="use-title">Use it</h2>
          <p class="quiet">The key stands in this code: do not paste it where others read.</p>
          <CodeTabs id="use-key" title="A first call" tabs={made.samples} />
        </section>
      )}
    </>
  )
}

export interface MarketKeyActProps {
  frame: ProductPage["frame"]
  slug: string
  apiKey: { id: string; name: string }
  form: FormView
}

export function MarketKeyRevokePage({ frame, slug, apiKey: key, form }: MarketKeyActProps): JSX.Element {
  const path = keyPath(slug, key.id)
  return (
    <ConfirmPage
      frame={frame}
      title={`Revoke ${key.name}?`}
      up={{ href: path, label: key.name }}
      form={{ ...form, submit: `Revoke ${key.name}` }}
      cancelHref={path}
      words={[
        "Programs that use it are refused from the next call on, for good.",
        "What was used of your quota stays as it is: it belongs to the subscription.",
      ]}
    />
  )
}

export function MarketKeyRotatePage({ frame, slug, apiKey: key, form }: MarketKeyActProps): JSX.Element {
  const path = keyPath(slug, key.id)
  return (
    <ConfirmPage
      frame={frame}
      title={`Rotate ${key.name}?`}
      up={{ href: path, label: key.name }}
      form={form}
      cancelHref={path}
      words={[
        "Name, access and what was used stay. The new secret is shown once, on the next page.",
        "Give your programs time: the secret before can work on for a while.",
      ]}
    />
  )
}
