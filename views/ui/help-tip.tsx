// A word more about something, on the popover of the platform: opens, closes on Escape and gives back the focus without scripts.
import type { Children } from "@kitajs/html"

export interface HelpTipProps {
  /** Unique on the page. */
  id: string
  /** What it explains; the name of the button: "What a credit is worth". */
  label: string
  /** Phrasing content only: it may stand inside a paragraph or a heading. */
  children: Children
}

/** "?" beside a word. What people must know stands on the page; this is for what they may want to know. */
export function HelpTip({ id, label, children }: HelpTipProps): JSX.Element {
  return (
    <span class="help-tip">
      <button class="tip-button" type="button" popovertarget={id} title={label}>
        <span aria-hidden="true">?</span>
        <span class="sr" safe>
          {label}
        </span>
      </button>
      <span class="tip-box" id={id} popover="auto">
        {children}
      </span>
    </span>
  )
}
