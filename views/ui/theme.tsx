// The three ways the pages can look, as a small form that works without scripts; scripts change the page at once and tell the server after.
import type { Frame, Theme } from "../layout/frame.ts"
import { Form } from "./form.tsx"
import { Icon, type IconName } from "./icon.tsx"

const THEMES: readonly { theme: Theme; label: string; icon: IconName }[] = [
  { theme: "system", label: "Same as this device", icon: "screen" },
  { theme: "light", label: "Light", icon: "sun" },
  { theme: "dark", label: "Dark", icon: "moon" },
]

/** POST /theme: theme, back, csrf. Absent on answers to a form: there is no address to come back to. */
export function ThemeSwitch({ frame }: { frame: Frame }): JSX.Element {
  if (frame.here === undefined) return ""
  return (
    <Form action="/theme" csrf={frame.csrf} class="theme" hidden={{ back: frame.here }}>
      {THEMES.map(({ theme, label, icon }) => (
        <button
          type="submit"
          name="theme"
          value={theme}
          title={label}
          aria-pressed={frame.theme === theme ? "true" : "false"}
        >
          <Icon name={icon} />
          <span class="sr" safe>{`Theme: ${label}`}</span>
        </button>
      ))}
    </Form>
  )
}
