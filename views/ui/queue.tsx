// Work that waits: the list, and beside it the one that is being looked at. Every item has an address; on phones it is a page of its own.
import type { Children } from "@kitajs/html"
import { assetUrl } from "../layout/assets.ts"
import { Empty } from "./feedback.tsx"
import { Icon } from "./icon.tsx"
import { When } from "./time.tsx"

export interface QueueItem {
  href: string
  title: string
  /** One line more: who, how much, why. */
  text?: string | undefined
  ms: number
  /** A badge, such as the state. */
  mark?: Children
}

export interface QueueProps {
  /** Unique on the page: the part that is swapped when another item is opened. */
  id: string
  label: string
  /** The list without an open item. */
  href: string
  items: readonly QueueItem[]
  /** Address of the open one, with what is to be seen and done about it. */
  open?: { href: string; title: string; detail: Children } | undefined
  /** What is said when nothing waits. */
  empty: { title: string; text: string }
  now: number
  /** Pages of the list. */
  pager?: Children
}

/** j and k go through the list, Enter opens, Escape closes (`js/queue.js`). Plain links do the same. */
export function Queue(props: QueueProps): JSX.Element {
  const { id, label, items, open, now } = props
  if (items.length === 0 && !open) return <Empty title={props.empty.title} text={props.empty.text} />
  return (
    <div class={open ? "queue open" : "queue"} id={id} data-module={assetUrl("js/queue.js")}>
      <nav class="queue-list" aria-label={label}>
        <ul class="plain">
          {items.map((item) => (
            <li>
              <a href={item.href} aria-current={item.href === open?.href ? "true" : undefined} data-swap={id}>
                <span class="queue-title">
                  <bdi safe>{item.title}</bdi>
                  {item.mark ?? null}
                </span>
                {item.text === undefined ? null : (
                  <bdi class="quiet" safe>
                    {item.text}
                  </bdi>
                )}
                <span class="quiet">
                  <When ms={item.ms} now={now} />
                </span>
              </a>
            </li>
          ))}
        </ul>
        {props.pager ?? null}
      </nav>
      <section class="queue-detail" aria-label={open ? open.title : "Nothing is open"}>
        {open ? (
          <>
            <div class="queue-head">
              <h2>
                <bdi safe>{open.title}</bdi>
              </h2>
              <a class="button plain small" href={props.href} data-swap={id} data-queue-close="">
                <Icon name="back" />
                <span>Back to the list</span>
              </a>
            </div>
            {open.detail}
          </>
        ) : (
          <p class="quiet">
            Choose one of the list. With a keyboard, j and k go through it, Enter opens and Escape closes.
          </p>
        )}
      </section>
    </div>
  )
}
