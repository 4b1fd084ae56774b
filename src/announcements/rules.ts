// Rules of announcements. Pure.
import { ANNOUNCEMENT_LIMITS as L } from "./limits.ts"
import type { Announcement, NewAnnouncement } from "./types.ts"

/** Message by field; none = it is right. */
export function announcementErrors(input: NewAnnouncement, nowMs: number): Record<string, string> {
  const errors: Record<string, string> = {}
  if (input.title.trim() === "" || /[\r\n]/.test(input.title)) errors.title = "Give it a title of one line."
  else if (input.title.length > L.titleCharsMax) errors.title = `Use at most ${L.titleCharsMax} characters.`
  if (input.body.trim() === "") errors.body = "Write what you have to say."
  else if (input.body.length > L.bodyCharsMax) errors.body = `Use at most ${L.bodyCharsMax} characters.`
  if (!input.banner && !input.told) errors.told = "Tick at least one of the two: else nobody sees it."
  if (input.endsMs !== null && input.endsMs <= nowMs) errors.ends = "Give a day that is not over."
  if (input.audience !== "app" && input.clientPublicId !== "")
    errors.app = "Leave this empty, or choose the people of one app."
  return errors
}

export const isOpen = ({ endsMs, endedMs }: Pick<Announcement, "endsMs" | "endedMs">, nowMs: number): boolean =>
  endedMs === null && (endsMs === null || nowMs < endsMs)

/** Markdown as it is read without being drawn: paragraphs of a mail. Links stand on the page that the mail leads to. */
export const plainParagraphs = (source: string): string[] =>
  source
    .replace(/\r\n?/g, "\n")
    .split(/\n{2,}/)
    .map((text) =>
      text
        .replace(/^#{1,6} /gm, "")
        .replace(/!?\[([^\]\n]{0,500})\]\(([^)\s]{1,2000})\)/g, "$1")
        .replace(/\*\*|__|`/g, "")
        .trim(),
    )
    .filter((text) => text !== "")
