// /directory: apps to find. Words, categories, tags, order; ranked as one types, and by a plain form without scripts.
import { assetUrl } from "../../layout/assets.ts"
import type { Frame } from "../../layout/frame.ts"
import { PublicLayout } from "../../layout/public.tsx"
import { count } from "../../ui/format.ts"
import { Button, Chips, Empty, Pager, SearchBox, Segments, withQuery } from "../../ui/index.ts"
import { Card } from "./parts.tsx"
import type { AppCard } from "./types.ts"

export type DirectorySort = "best" | "used" | "new"

export interface DirectoryAsked {
  q: string
  /** "" = all. */
  category: string
  tag: string
  sort: DirectorySort
}

export interface DirectoryListProps {
  frame: Frame
  asked: DirectoryAsked
  categories: readonly { name: string; apps: number }[]
  apps: readonly AppCard[]
  /** Opaque; null = this is the last page. */
  nextAt: string | null
  isFirst: boolean
  /** Nothing is listed at all. */
  isEmpty: boolean
}

const SORTS: readonly { sort: DirectorySort; label: string; spoken: string }[] = [
  { sort: "best", label: "Best", spoken: "Best: featured ones, then those that most people use" },
  { sort: "used", label: "Most used", spoken: "Most used: by different people in 30 days" },
  { sort: "new", label: "New", spoken: "New, newest first" },
]

const addressOf = ({ q, category, tag, sort }: DirectoryAsked, at?: string): string =>
  withQuery("/directory", { q, category, tag, sort: sort === "best" ? undefined : sort, at })

const LEAD = "Apps that work with your account and one credit balance. You set what each may spend."

const FEED = { href: "/directory/new.atom", title: "New apps" }

/** GET /directory */
export function DirectoryPage(props: DirectoryListProps): JSX.Element {
  const { frame, asked, isEmpty } = props
  return (
    <PublicLayout frame={frame} title="Apps" description={LEAD} feed={FEED}>
      <div class="page-head">
        <div>
          <h1>Apps</h1>
          <p class="lead">{LEAD}</p>
        </div>
        <Button href="/developer" label="List your app" />
      </div>
      {isEmpty ? (
        <Empty
          title="No app yet"
          text="Developers show their apps here. Nobody has so far."
          action={<Button href="/docs/how-to/list-your-app" label="How to list an app" />}
        />
      ) : (
        <>
          <div class="market-find" data-module={assetUrl("js/typing.js")}>
            <SearchBox
              action="/directory"
              label="Search apps"
              placeholder="Writing, homework, code"
              value={asked.q}
              swap="apps"
              keep={{
                category: asked.category || undefined,
                tag: asked.tag || undefined,
                sort: asked.sort === "best" ? undefined : asked.sort,
              }}
            />
          </div>
          <div id="apps" class="market">
            <Filters {...props} />
            <Found {...props} />
          </div>
        </>
      )}
    </PublicLayout>
  )
}

function Filters({ asked, categories }: DirectoryListProps): JSX.Element {
  const chip = (name: string, label: string, apps?: number) => ({
    label,
    href: addressOf({ ...asked, category: name }),
    current: name === asked.category,
    count: apps === undefined ? undefined : count(apps),
    swap: "apps",
  })
  const tag = asked.tag === "" ? [] : [{ label: `#${asked.tag}`, removeHref: addressOf({ ...asked, tag: "" }) }]
  return (
    <div class="market-filters">
      <Chips
        label="Categories"
        chips={[chip("", "All"), ...categories.map(({ name, apps }) => chip(name, name, apps)), ...tag]}
      />
      {asked.q === "" ? (
        <Segments
          label="Order"
          swap="apps"
          links={SORTS.map(({ sort, label, spoken }) => ({
            label,
            spoken,
            href: addressOf({ ...asked, sort }),
            current: asked.sort === sort,
          }))}
        />
      ) : null}
    </div>
  )
}

function Found({ asked, apps, nextAt, isFirst }: DirectoryListProps): JSX.Element {
  if (apps.length === 0)
    return (
      <div role="status">
        <Empty
          title={asked.q === "" ? "Nothing here" : `Nothing for “${asked.q}”`}
          text="Try fewer words, or another category."
          action={<Button href="/directory" swap="apps" label="Show all apps" />}
        />
      </div>
    )
  return (
    <section aria-labelledby="found-title">
      <h2 id="found-title" class="sr">
        <span role="status" safe>
          {asked.q === "" ? "Apps" : `Apps for “${asked.q}”, best first`}
        </span>
      </h2>
      <ul class="plain press-cards">
        {apps.map((app, at) => (
          <li>
            <Card app={app} at={at} />
          </li>
        ))}
      </ul>
      <Pager
        label="More apps"
        swap="apps"
        firstHref={isFirst ? undefined : addressOf(asked)}
        nextHref={nextAt === null ? undefined : addressOf(asked, nextAt)}
        nextLabel="More"
      />
    </section>
  )
}
