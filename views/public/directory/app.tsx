// /directory/:slug: what an app is, what it looks like, what it asks for and what it costs, who made it, and the way to it.
import type { Frame } from "../../layout/frame.ts"
import { cardAt } from "../../layout/head.tsx"
import { PublicLayout } from "../../layout/public.tsx"
import { Avatar, Badge, Breadcrumbs, Button, Credits, Icon, Markdown, Notice, When, withQuery } from "../../ui/index.ts"
import { By, Card, peopleText, Shot } from "./parts.tsx"
import { type AppCard, type AppShown, appPath } from "./types.ts"

export interface DirectoryAppProps {
  frame: Frame
  now: number
  app: AppShown
  /** Others of its developer. */
  others: readonly AppCard[]
  /** Not what everybody sees: said above it, with the way back. */
  preview?: { text: string; back: { href: string; label: string } } | undefined
  /** For search engines. */
  structured?: Readonly<Record<string, unknown>> | undefined
}

/** GET /directory/:slug */
export function DirectoryAppPage(props: DirectoryAppProps): JSX.Element {
  const { frame, app, others, preview } = props
  return (
    <PublicLayout
      frame={frame}
      title={app.name}
      description={app.tagline}
      card={cardAt(appPath(app.slug), app.name)}
      structured={props.structured}
    >
      {preview ? (
        <Notice text={preview.text}>
          <Button href={preview.back.href} label={preview.back.label} />
        </Notice>
      ) : (
        <Breadcrumbs
          trail={[
            { href: "/directory", label: "Apps" },
            { href: withQuery("/directory", { category: app.category }), label: app.category },
          ]}
        />
      )}
      <Head app={app} />
      <Shots app={app} />
      <div class="app-columns">
        <section aria-labelledby="about-title">
          <h2 id="about-title">What it does</h2>
          <Markdown source={app.description} by="people" id="about" />
          <Tags app={app} />
        </section>
        <Facts {...props} />
      </div>
      {others.length === 0 ? null : (
        <section aria-labelledby="others-title">
          <h2 id="others-title">
            {"More by "}
            <bdi safe>{app.developer}</bdi>
          </h2>
          <ul class="plain press-cards">
            {others.map((other) => (
              <li>
                <Card app={other} at={9} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </PublicLayout>
  )
}

function Head({ app }: { app: AppShown }): JSX.Element {
  return (
    <header class="app-head">
      <Avatar name={app.name} src={app.iconUrl} large />
      <div>
        <h1>
          <bdi safe>{app.name}</bdi>
        </h1>
        <p class="lead" safe>
          {app.tagline}
        </p>
        <p class="badges">
          <By {...app} />
          {app.isFeatured ? <Badge tone="accent" text="Featured" /> : null}
          <Badge text={app.category} />
          {app.people === null ? null : (
            <span class="quiet num" safe>
              {peopleText(app.people)}
            </span>
          )}
        </p>
      </div>
      <div class="app-use">
        <a class="button primary" href={app.url} rel="noopener nofollow ugc">
          Use app
        </a>
        <p class="quiet">
          {"Opens "}
          <bdi safe>{app.host}</bdi>
        </p>
      </div>
    </header>
  )
}

function Shots({ app }: { app: AppShown }): JSX.Element {
  if (app.shots.length === 0) return ""
  return (
    <section aria-labelledby="shots-title">
      <h2 id="shots-title" class="sr">
        Screenshots
      </h2>
      <ul
        class={app.shots.length === 1 ? "plain app-shots one" : "plain app-shots"}
        tabindex="0"
        aria-label="Screenshots"
      >
        {app.shots.map((shot, at) => (
          <li>
            <a href={shot.large}>
              <Shot shot={shot} sizes="(min-width: 48rem) 40rem, 88vw" lazy={at > 1} />
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Tags({ app }: { app: AppShown }): JSX.Element {
  if (app.tags.length === 0) return ""
  return (
    <ul class="tag-chips plain" aria-label="Tags">
      {app.tags.map((tag) => (
        <li>
          <a class="tag-chip" href={withQuery("/directory", { tag })}>
            <bdi safe>{`#${tag}`}</bdi>
          </a>
        </li>
      ))}
    </ul>
  )
}

function Facts({ app, now, preview }: DirectoryAppProps): JSX.Element {
  return (
    <aside class="app-facts" aria-label="Before you use it">
      <section aria-labelledby="asks-title">
        <h2 id="asks-title">What it may ask for</h2>
        <ul class="app-asks plain">
          {app.asks.map((sentence) => (
            <li>
              <Icon name="check" />
              <span safe>{sentence}</span>
            </li>
          ))}
        </ul>
        <p class="quiet">You decide when you sign in, and set the most it may spend a day.</p>
      </section>
      <Costs app={app} />
      <section aria-labelledby="who-title">
        <h2 id="who-title">Who is behind it</h2>
        <dl class="app-who">
          <dt>Developer</dt>
          <dd>
            <bdi safe>{app.developer}</bdi>
          </dd>
          <dt>Domain</dt>
          <dd>
            <bdi safe>{app.host}</bdi>
            {app.verifiedHost === null ? (
              <p class="quiet">Its developer has not shown that this domain is theirs.</p>
            ) : (
              <p class="quiet">Its developer has shown that this domain is theirs.</p>
            )}
          </dd>
          <dt>Listed</dt>
          <dd>
            <When ms={app.listedMs} now={now} />
          </dd>
          <dt>Last changed</dt>
          <dd>
            <When ms={app.publishedMs} now={now} />
          </dd>
        </dl>
        <Links app={app} />
      </section>
      {preview ? null : (
        <p>
          <a href={appPath(app.slug, "report")}>Report this app</a>
        </p>
      )}
    </aside>
  )
}

function Costs({ app }: { app: AppShown }): JSX.Element {
  return (
    <section aria-labelledby="costs-title">
      <h2 id="costs-title">What it costs</h2>
      {app.priceWords === "" ? null : (
        <p>
          <bdi safe>{app.priceWords}</bdi>
        </p>
      )}
      {app.typical.length === 0 ? (
        <p class="quiet">Not used enough yet to say what a call costs. 1,000 credits are $1.</p>
      ) : (
        <>
          <dl class="app-who">
            {app.typical.map(({ kind, price }) => (
              <>
                <dt safe>{kind}</dt>
                <dd>
                  {"about "}
                  <Credits amount={price} />
                </dd>
              </>
            ))}
          </dl>
          <p class="quiet">What a call cost people lately. 1,000 credits are $1.</p>
        </>
      )}
      {app.sharePercent === null ? null : (
        <p class="quiet" safe>
          {`Its developer earns ${app.sharePercent}% of the model’s price with each call. It is part of what you pay.`}
        </p>
      )}
    </section>
  )
}

function Links({ app }: { app: AppShown }): JSX.Element {
  const links: readonly (readonly [string, string | null])[] = [
    ["Privacy policy", app.policyUri],
    ["Terms of service", app.tosUri],
    ["Help", app.supportUrl],
    ["Source code", app.sourceUrl],
  ]
  const given = links.flatMap(([label, href]) => (href ? [{ label, href }] : []))
  if (given.length === 0) return ""
  return (
    <ul class="plain app-links">
      {given.map(({ label, href }) => (
        <li>
          <a href={href} rel="nofollow noopener ugc" safe>
            {label}
          </a>
        </li>
      ))}
    </ul>
  )
}
