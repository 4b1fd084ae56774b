// A conversation about one thing: who said what and when, notes that only the house sees, and room for an answer.
import type { Children } from "@kitajs/html"
import { Avatar } from "./avatar.tsx"
import { Badge } from "./feedback.tsx"
import { When } from "./time.tsx"

export interface Message {
  id: string
  author: string
  avatarUrl?: string | undefined
  /** What they are to the reader: "Developer", "Support". */
  role?: string | undefined
  ms: number
  /** As it was typed: lines stay lines. */
  text: string
  /** Seen by the house alone. */
  isNote?: boolean | undefined
  /** The reader's own. */
  isOwn?: boolean | undefined
}

export interface ThreadProps {
  label: string
  messages: readonly Message[]
  now: number
  /** Said when nobody has written yet. */
  empty?: string | undefined
  /** The form of an answer; none where nobody may answer. */
  reply?: Children
}

export function Thread({ label, messages, now, empty = "Nobody has written yet.", reply }: ThreadProps): JSX.Element {
  return (
    <section class="thread" aria-label={label}>
      {messages.length === 0 ? (
        <p class="quiet" safe>
          {empty}
        </p>
      ) : (
        <ol class="plain">
          {messages.map((message) => (
            <li id={message.id}>
              <article class={`message${message.isNote ? " internal" : ""}${message.isOwn ? " own" : ""}`}>
                <header>
                  <Avatar name={message.author} src={message.avatarUrl} />
                  <bdi class="author" safe>
                    {message.author}
                  </bdi>
                  {message.role === undefined ? null : <Badge text={message.role} />}
                  {message.isNote ? <Badge tone="warn" text="Internal note" /> : null}
                  <span class="quiet">
                    <When ms={message.ms} now={now} />
                  </span>
                </header>
                <p class="said" dir="auto" safe>
                  {message.text}
                </p>
              </article>
            </li>
          ))}
        </ol>
      )}
      {reply ?? null}
    </section>
  )
}
