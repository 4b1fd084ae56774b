// What a product has beside plans and documentation: what changed, and who helps.

import { Badge, Button, Empty, Form, Icon, Markdown, Table, When } from "../../ui/index.ts"
import { ProductFrame } from "./frame.tsx"
import type { ProductPage, Support } from "./types.ts"
import { marketPath, SUPPORT } from "./words.ts"

export interface Change {
  id: string
  atMs: number
  /** "1.4.0", or "". */
  version: string
  title: string
  /** Markdown. */
  text: string
  isBreaking: boolean
}

export interface MarketChangelogProps extends ProductPage {
  /** Newest first. */
  changes: readonly Change[]
  /** Whether the person gets a mail with each; undefined = they are not subscribed. */
  follows?: boolean | undefined
}

/** GET /marketplace/:product/changelog */
export function MarketChangelogPage({ changes, follows, ...rest }: MarketChangelogProps): JSX.Element {
  return (
    <ProductFrame {...rest} tab="changelog">
      <section aria-labelledby="changelog-title">
        <h2 id="changelog-title">What changed</h2>
        {follows === undefined ? null : (
          <Form action={marketPath(rest.product.slug, "changelog")} csrf={rest.frame.csrf} class="cell-form">
            <input type="hidden" name="mails" value={follows ? "no" : "yes"} />
            <Button small icon="mail" label={follows ? "Stop mails about changes" : "Mail me each change"} />
          </Form>
        )}
        {changes.length === 0 ? (
          <Empty title="No change yet" text="New endpoints, fixes and deprecations are written down here." />
        ) : (
          <ol class="timeline plain">
            {changes.map((one) => (
              <li class={one.isBreaking ? "warn" : "neutral"}>
                <Icon name={one.isBreaking ? "alert" : "dot"} />
                <div>
                  <h3>
                    <bdi safe>{one.title}</bdi>
                  </h3>
                  <p class="badges">
                    {one.version === "" ? null : <Badge text={one.version} />}
                    {one.isBreaking ? <Badge tone="warn" text="Breaking" /> : null}
                    <When ms={one.atMs} now={rest.now} />
                  </p>
                  {one.text === "" ? null : <Markdown source={one.text} by="people" id={`change-${one.id}`} />}
                </div>
              </li>
            ))}
          </ol>
        )}
      </section>
    </ProductFrame>
  )
}

export interface SupportWay {
  plan: string
  isMine: boolean
  level: Support
  /** Ways in words with an address: mail or web; `href` undefined = words alone. */
  contacts: readonly { label: string; text: string; href?: string | undefined }[]
}

export interface MarketSupportProps extends ProductPage {
  ways: readonly SupportWay[]
  /** Questions with answers in Markdown. */
  faq: readonly { id: string; question: string; answer: string }[]
}

/** GET /marketplace/:product/support */
export function MarketSupportPage({ ways, faq, ...rest }: MarketSupportProps): JSX.Element {
  return (
    <ProductFrame {...rest} tab="support">
      <section aria-labelledby="contacts-title">
        <h2 id="contacts-title">Who helps</h2>
        <p class="quiet">Support comes from the publisher, by plan.</p>
        <Table
          caption="Support by plan"
          hideCaption
          columns={[{ label: "Plan" }, { label: "Level" }, { label: "Contact" }]}
          rows={ways.map((way) => [
            <>
              <bdi safe>{way.plan}</bdi>
              {way.isMine ? (
                <>
                  {" "}
                  <Badge tone="accent" text="Yours" />
                </>
              ) : null}
            </>,
            <span safe>{SUPPORT[way.level]}</span>,
            <Contacts way={way} />,
          ])}
          empty={<Empty title="No contact yet" text="The publisher has named none so far." />}
        />
      </section>
      <section aria-labelledby="faq-title">
        <h2 id="faq-title">Questions and answers</h2>
        {faq.length === 0 ? (
          <p class="quiet">None are written down yet.</p>
        ) : (
          <div class="market-faq">
            {faq.map((one) => (
              <details>
                <summary>
                  <Icon name="down" />
                  <bdi safe>{one.question}</bdi>
                </summary>
                <Markdown source={one.answer} by="people" id={`faq-${one.id}`} />
              </details>
            ))}
          </div>
        )}
      </section>
    </ProductFrame>
  )
}

function Contacts({ way }: { way: SupportWay }): JSX.Element {
  if (way.contacts.length === 0) return <span class="quiet">None</span>
  return (
    <ul class="plain">
      {way.contacts.map(({ label, text, href }) => (
        <li>
          <span class="quiet" safe>{`${label}: `}</span>
          {href === undefined ? (
            <bdi safe>{text}</bdi>
          ) : (
            <a href={href} rel="nofollow noopener ugc">
              <bdi safe>{text}</bdi>
            </a>
          )}
        </li>
      ))}
    </ul>
  )
}
