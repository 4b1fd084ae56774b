// An announcement as its people read it.
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { Markdown, When } from "../ui/index.ts"

export interface AnnouncementProps {
  frame: Frame
  now: number
  title: string
  /** Markdown. */
  body: string
  createdMs: number
}

export const AnnouncementPage = ({ frame, now, title, body, createdMs }: AnnouncementProps): JSX.Element => (
  <ConsoleLayout frame={frame} title={title} up={{ href: "/notices", label: "Notices" }}>
    <p class="quiet">
      {"Announced "}
      <When ms={createdMs} now={now} />
    </p>
    <Markdown source={body} by="people" id="announcement" />
  </ConsoleLayout>
)
