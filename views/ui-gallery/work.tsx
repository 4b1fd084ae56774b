import { PaletteButton } from "../layout/palette.tsx"
import { Area, Badge, Button, Choice, Form, type Message, Queue, type QueueItem, Thread, Upload } from "../ui/index.ts"
import type { Specimen, Stand } from "./specimen.ts"

const HOUR = 3_600_000

const itemsOf = ({ now }: Stand): QueueItem[] => [
  { href: "/_ui?item=1", title: "Refund of 1,240 credits", text: "Mara Vermeer · Storyteller", ms: now - 40_000 },
  {
    href: "/_ui?item=2",
    title: `Donaudampfschifffahrtsgesellschaft ${"Kapitän".repeat(6)}`,
    text: "An app asks to be verified",
    ms: now - 5 * HOUR,
    mark: <Badge tone="warn" text="Waits" />,
  },
  {
    href: "/_ui?item=3",
    title: "مفكرة الهامش",
    text: "طلب مراجعة",
    ms: now - 50 * HOUR,
    mark: <Badge tone="bad" text="Late" />,
  },
]
const EMPTY = { title: "Nothing waits", text: "Requests of developers come here. You get a mail when one does." }

const messagesOf = (on: Stand): Message[] => [
  {
    id: on.id("m1"),
    author: "Mara Vermeer",
    role: "Developer",
    ms: on.now - 26 * HOUR,
    text: "The last call was charged twice.\n\nIts request id is req_01M8CR3WT0GX4DMD3E53GKSFSJ.",
  },
  {
    id: on.id("m2"),
    author: "Anna",
    role: "Support",
    ms: on.now - 2 * HOUR,
    text: "Two settles of one call: see the log.",
    isNote: true,
  },
  {
    id: on.id("m3"),
    author: "Anna",
    role: "Support",
    ms: on.now - HOUR,
    text: "It is given back. Thank you for telling us.",
    isOwn: true,
  },
  { id: on.id("m4"), author: "مستخدمة من بعيد", ms: on.now - 20_000, text: `شكرا جزيلا ${"W".repeat(120)}` },
]

const ReplyForm = ({ on }: { on: Stand }): JSX.Element => (
  <Form action="/theme" csrf={on.csrf} class="form">
    <Area id={on.id("reply")} name="reply" label="Answer" rows={3} />
    <Choice id={on.id("note")} name="note" value="1" label="Internal note: only admins see it" />
    <Button kind="primary" label="Send answer" />
  </Form>
)

export const WORK: readonly Specimen[] = [
  {
    name: "Queue",
    use: "Work that waits, one after the other, with what is to be done beside it. Many rows to compare are a grid.",
    wide: true,
    draw: (on) => (
      <div class="stack">
        <Queue
          id={on.id("open")}
          label="Requests"
          href="/_ui"
          now={on.now}
          items={itemsOf(on)}
          open={{
            href: "/_ui?item=2",
            title: "An app asks to be verified",
            detail: <Thread label="Messages" now={on.now} messages={messagesOf(on).slice(0, 2)} />,
          }}
          empty={EMPTY}
        />
        <Queue
          id={on.id("rest")}
          label="Requests, none open"
          href="/_ui"
          now={on.now}
          items={itemsOf(on)}
          empty={EMPTY}
        />
        <Queue id={on.id("none")} label="No requests" href="/_ui" now={on.now} items={[]} empty={EMPTY} />
      </div>
    ),
  },
  {
    name: "Thread",
    use: "A conversation about one thing. Notes are for the house alone, and look so.",
    draw: (on) => (
      <div class="stack">
        <Thread label="Messages" now={on.now} messages={messagesOf(on)} reply={<ReplyForm on={on} />} />
        <Thread label="No messages" now={on.now} messages={[]} />
      </div>
    ),
  },
  {
    name: "Upload",
    use: "A picture: chosen, dropped or pasted, and cut. Square for people and apps, wide for screenshots.",
    draw: (on) => (
      <div class="stack">
        <Upload id={on.id("square")} name="picture" label="New picture" />
        <Upload id={on.id("wide")} name="picture" label="Screenshot" shape="wide" optional />
        <Upload
          id={on.id("wrong")}
          name="picture"
          label="صورة جديدة"
          error="This picture is too small. It needs at least 16 × 16 pixels."
        />
      </div>
    ),
  },
  {
    name: "Palette button",
    use: "Opens the palette: pages, apps, people, ids. Ctrl+K, ⌘K or / do the same on pages that have it.",
    draw: () => <PaletteButton />,
  },
]
