// The small weather server behind the demo's API: current, forecast and historical, made up from the name of the city, so that the same
// question always has the same answer.
const DAY_MS = 86_400_000
const CITY_CHARS_MAX = 80

export interface WeatherServer {
  url: string
  stop(): void
}

/** @param port 0 = a free one */
export function startWeather(port = 0, now: () => number = Date.now): WeatherServer {
  const server = Bun.serve({ hostname: "127.0.0.1", port, fetch: (request) => answer(new URL(request.url), now()) })
  return { url: `http://127.0.0.1:${server.port}`, stop: () => void server.stop(true) }
}

function answer({ pathname, searchParams }: URL, nowMs: number): Response {
  const wrong = (status: number, error: string) => Response.json({ error }, { status })
  const [, version, what, place] = pathname.split("/")
  if (version !== "v1" || !place) return wrong(404, "Nothing is here")
  const city = decodeURIComponent(place).slice(0, CITY_CHARS_MAX)
  const units = searchParams.get("units") ?? "metric"
  if (units !== "metric" && units !== "imperial") return wrong(400, "units is metric or imperial")
  const day = Math.floor(nowMs / DAY_MS)
  if (what === "current") return Response.json({ city, units, ...weather(city, day, units) })
  if (what === "forecast") {
    const days = Number(searchParams.get("days") ?? 3)
    if (!Number.isInteger(days) || days < 1 || days > 14) return wrong(400, "days is 1 to 14")
    const list = Array.from({ length: days }, (_, index) => ({
      date: dateOf(day + index),
      ...weather(city, day + index, units),
    }))
    return Response.json({ city, units, days: list })
  }
  if (what !== "historical") return wrong(404, "Nothing is here")
  const date = searchParams.get("date") ?? ""
  const at = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(date) : Number.NaN
  if (Number.isNaN(at)) return wrong(400, "date is a day such as 2025-01-31")
  return Response.json({ city, units, date, ...weather(city, Math.floor(at / DAY_MS), units) })
}

const dateOf = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10)
const SKIES = ["clear", "cloudy", "rain", "snow", "fog"] as const

function weather(city: string, day: number, units: "metric" | "imperial") {
  const dice = Number(Bun.hash(`${city.toLowerCase()} ${day}`) % 10_000n)
  const celsius = Math.round(((dice % 400) / 10 - 8) * 10) / 10
  return {
    temperature: units === "metric" ? celsius : Math.round((celsius * 1.8 + 32) * 10) / 10,
    humidity: 30 + (dice % 65),
    sky: SKIES[dice % SKIES.length]!,
  }
}
