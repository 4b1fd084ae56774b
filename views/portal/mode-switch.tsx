// The switch at the head of a developer's pages: live or test. It stands in the address, so that a link leads to what was seen.
import { Segments } from "../ui/index.ts"

export type Mode = "live" | "test"

export interface ModeSwitchProps {
  mode: Mode
  /** Of the page, which shows either mode. */
  path: string
}

/** Live needs no word. */
export const modeHref = (path: string, mode: Mode): string => (mode === "test" ? `${path}?mode=test` : path)

export function ModeSwitch({ mode, path }: ModeSwitchProps): JSX.Element {
  return (
    <Segments
      label="Mode"
      links={[
        { label: "Live", href: modeHref(path, "live"), current: mode === "live", spoken: "Live mode" },
        { label: "Test", href: modeHref(path, "test"), current: mode === "test", spoken: "Test mode" },
      ]}
    />
  )
}
