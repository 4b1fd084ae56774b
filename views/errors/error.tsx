// What went wrong in one plain sentence, what to do, the request id small. Never a stack, never a detail.
import type { Frame } from "../layout/frame.ts"
import { PublicLayout } from "../layout/public.tsx"
import { Button, SearchBox } from "../ui/index.ts"

export interface ErrorProps {
  frame: Frame
  status: number
  /** `ERRORS[code].title`. */
  title: string
  /** The public message of the error. */
  message: string
  /** What to do next; the first is the primary one. By status when absent. */
  next?: readonly { href: string; label: string }[] | undefined
}

type Way = { href: string; label: string }

const HOME: Way = { href: "/", label: "Go to the front page" }
const DASHBOARD: Way = { href: "/dashboard", label: "Go to your dashboard" }
const OVERVIEW: Way = { href: "/admin", label: "Go to the admin overview" }
const USERS: Way = { href: "/admin/users", label: "Search users" }

/** An admin looks for a person or a thing of this server, not for a page of the site. */
const isAdmins = ({ path, user }: Frame): boolean => Boolean(user?.isAdmin) && path.startsWith("/admin/")

/** The one thing that helps, first. `here` is absent when the page answers a form: that is not sent twice. */
function waysOn(status: number, frame: Frame): readonly Way[] {
  const home = isAdmins(frame) ? OVERVIEW : frame.user ? DASHBOARD : HOME
  if (status === 404 && home === OVERVIEW && frame.path.startsWith("/admin/users/")) return [USERS, OVERVIEW]
  if (status === 401) return [{ href: "/login", label: "Sign in" }]
  if (status === 402)
    return [
      { href: "/credits", label: "Get credits" },
      { href: "/apps", label: "See what used them" },
    ]
  const passes = status === 429 || status >= 500
  return passes && frame.here ? [{ href: frame.here, label: "Try again" }, home] : [home]
}

/** The message where it starts with the title: only what it adds, so that nothing is said twice. */
function beyond(title: string, message: string): string {
  return message.startsWith(`${title}. `) ? message.slice(title.length + 2) : message
}

export function ErrorPage({ frame, status, title, message, next }: ErrorProps): JSX.Element {
  const ways = next ?? waysOn(status, frame)
  const hasSearch = status === 404 && !isAdmins(frame)
  return (
    <PublicLayout frame={frame} title={title}>
      <section class="error-page">
        <p class="status" safe>
          {`Error ${status}`}
        </p>
        <h1 safe>{title}</h1>
        <p class="lead" safe>
          {beyond(title, message)}
        </p>
        {hasSearch ? <SearchBox action="/search" label="Search this site" hideLabel={false} /> : null}
        <div class="actions">
          {ways.map((way, index) => (
            <Button
              kind={index === 0 && (next || (!hasSearch && status !== 400)) ? "primary" : "plain"}
              href={way.href}
              label={way.label}
            />
          ))}
        </div>
        <p class="request-id">
          {"Request "}
          <code safe>{frame.requestId}</code>
        </p>
      </section>
    </PublicLayout>
  )
}
