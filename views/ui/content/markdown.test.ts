import { describe, expect, test } from "bun:test"
import { markdown, PEOPLE_CHARS_MAX } from "./markdown.ts"
import type { Author } from "./policy.ts"
import { ATTACKS, heavy } from "./testing.ts"

const ELEMENTS: Record<Author, RegExp> = {
  people: /^(p|br|hr|blockquote|ul|ol|li|pre|table|thead|tbody|tr|th|td|a|strong|em|del|code|span|h[3-6]|div)$/,
  ours: /^(p|br|hr|blockquote|ul|ol|li|pre|table|thead|tbody|tr|th|td|a|strong|em|del|code|span|h[2-6]|div|img|kbd|details|summary)$/,
}
const ATTRIBUTES: Record<string, RegExp> = {
  href: /^(https?:\/\/|mailto:)/i,
  rel: /^(nofollow noopener ugc|noopener)$/,
  class: /^(numeric|quiet|table-scroll|language-[a-z]+|hl-.*)$/,
  id: /^text-code-\d+$/,
  tabindex: /^0$/,
  role: /^region$/,
  "aria-label": /^Table: /,
  start: /^\d+$/,
}

interface Found {
  name: string
  attributes: Record<string, string>
}
function elementsOf(html: string): Found[] {
  const found: Found[] = []
  new HTMLRewriter()
    .on("*", {
      element: (one) => void found.push({ name: one.tagName, attributes: Object.fromEntries(one.attributes) }),
    })
    .transform(html)
  return found
}

/** What we put around code of ours to copy it, to the letter; what is inside is the text's. */
const FRAME =
  /<figure class="code"><figcaption><span>[\w ]+<\/span><button class="button plain small copy" type="button" data-copy="text-code-\d+"><svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="[\w. -]+"><\/path><\/svg><span aria-live="polite">Copy<\/span><\/button><\/figcaption>(<pre tabindex="0"><code id="text-code-\d+">(?:(?!<\/code>)[\s\S])*<\/code><\/pre>)<\/figure>/g

/** Whatever is not on the lists above. */
function strangers(whole: string, author: Author): string[] {
  const html = author === "ours" ? whole.replace(FRAME, "$1") : whole
  return elementsOf(html).flatMap(({ name, attributes }) => [
    ...(ELEMENTS[author].test(name) ? [] : [`<${name}>`]),
    ...Object.entries(attributes)
      .filter(([key, value]) => !(ATTRIBUTES[key]?.test(value) ?? false))
      .filter(([key, value]) => !(author === "ours" && key === "href" && /^(#|\/(?![/\\]))/.test(value)))
      .filter(([key]) => !(author === "ours" && (key === "id" || key === "alt")))
      .map(([key, value]) => `${name} ${key}=${value}`),
  ])
}

describe.each(["people", "ours"] as const)("attacks by %s", (author) => {
  test.each(ATTACKS)("%j comes out as words", (attack) => {
    for (const text of [attack, `> - ${attack}`, `| ${attack.replaceAll("\n", " ")} |\n|-|\n| x |`, `**${attack}**`])
      expect(strangers(markdown(text, author).html, author)).toEqual([])
  })
})

test("what was made is well nested: each element that is opened is closed", () => {
  const open = (html: string) => html.match(/<(?!br|hr|img|\/)[a-z]/g)?.length ?? 0
  const closed = (html: string) => html.match(/<\//g)?.length ?? 0
  for (const text of [...ATTACKS, ...Object.values(heavy(2_000))]) {
    const { html } = markdown(text, "people")
    expect([text.slice(0, 80), open(html)]).toEqual([text.slice(0, 80), closed(html)])
  }
})

test("random pieces of Markdown and markup together stay within the lists", () => {
  const pieces = [
    "[",
    "](",
    ")",
    "<",
    ">",
    '"',
    "'",
    "`",
    "```",
    "\n",
    "\n\n",
    "    ",
    "> ",
    "- ",
    "|",
    "|-|",
    "*",
    "_",
    "~~",
    "&",
    "#",
    "\\",
  ]
  const words = [
    "javascript:",
    "https://a.b",
    "script",
    "svg",
    "style",
    "onerror=hit()",
    "<!--",
    "-->",
    "&#58;",
    "\u0000",
    "\u202e",
    "![",
    "x",
  ]
  const all = [...pieces, ...words]
  let state = 42
  const next = (): string => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return all[state % all.length]!
  }
  for (let round = 0; round < 3_000; round++) {
    const text = Array.from({ length: 24 }, next).join("")
    for (const author of ["people", "ours"] as const) {
      const wrong = strangers(markdown(text, author).html, author)
      expect([text, wrong]).toEqual([text, []])
    }
  }
})

describe("what costs much elsewhere", () => {
  const plain = "Plain words, *some* of them in [links](https://example.com).\n\n"
  const cost = (text: string): number => {
    const start = performance.now()
    markdown(text, "people")
    return performance.now() - start
  }
  const usual = plain.repeat(PEOPLE_CHARS_MAX / plain.length)
  for (let warm = 0; warm < 5; warm++) cost(usual)

  test.each(Object.entries(heavy(PEOPLE_CHARS_MAX)))("%s grows with its length, not faster", (_, text) => {
    const { html } = markdown(text, "people")
    expect(html.length).toBeLessThan(2_000_000)
    // The best of a few: a machine that is busy makes some of them slow, a bad grammar all.
    const best = (of: string) => Math.min(...Array.from({ length: 4 }, () => cost(of)))
    const quarter = text.slice(0, text.length / 4)
    // Four times the text in well below sixteen times the time; what is cheap anyway may be as noisy as it likes.
    expect(best(text)).toBeLessThan(Math.max(12 * best(quarter), 20 * best(usual)))
  })

  test("nesting ends", () => {
    const depth = (html: string) => {
      let most = 0
      let now = 0
      for (const [tag] of html.matchAll(/<\/?(blockquote|ul|ol)/g)) {
        now += tag[1] === "/" ? -1 : 1
        most = Math.max(most, now)
      }
      return most
    }
    for (const text of ["> ".repeat(5_000), "- ".repeat(5_000), `${"> - ".repeat(2_000)}deep`])
      expect(depth(markdown(text, "people").html)).toBeLessThan(40)
    expect(markdown(`${"> ".repeat(500)}deep`, "people").html).toContain("deep")
  })

  test("a text that is too long is cut, and says so", () => {
    const { html } = markdown("x ".repeat(PEOPLE_CHARS_MAX), "people")
    expect(html.length).toBeLessThan(PEOPLE_CHARS_MAX + 200)
    expect(html).toEndWith('<p class="quiet">The rest is left out: it is too long to show.</p>')
  })
})

describe("by policy", () => {
  test("people's links go out marked, and only to the web and to mail", () => {
    const { html } = markdown(
      "[a](https://a.example/?x=1&y=2) [b](mailto:a@b.example) [c](/d) https://e.example",
      "people",
    )
    expect(html).toBe(
      '<p><a href="https://a.example/?x=1&amp;y=2" rel="nofollow noopener ugc">a</a> <a href="mailto:a@b.example" rel="nofollow noopener ugc">b</a> ' +
        '<span>c</span> <a href="https://e.example" rel="nofollow noopener ugc">https://e.example</a></p>\n',
    )
  })

  test("people's pictures are their words, people's headings stand below the page's, and have no ids", () => {
    const { html, headings, title } = markdown("# Flash\n\n![A cat](https://example.com/cat.png)", "people")
    expect(html).toBe("<h3>Flash</h3>\n<p><span>A cat</span></p>\n")
    expect([headings, title]).toEqual([[], null])
  })

  test("ours have a title, and headings with ids that are unique, readable and not the page's own", () => {
    const view = markdown(
      "# The title\n\n## Rate limits & `retries`\n\n## Main\n\n### Main\n\n## مرحبا\n\n## !",
      "ours",
    )
    expect(view.title).toBe("The title")
    expect(view.headings.map(({ id, level }) => [id, level])).toEqual([
      ["rate-limits-retries", 2],
      ["main-2", 2],
      ["main-3", 3],
      ["مرحبا", 2],
      ["section", 2],
    ])
    expect(view.html).toContain('<h2 id="rate-limits-retries">Rate limits &amp; <code>retries</code></h2>')
    expect(view.html).not.toContain("h1")
  })

  test("ours may show pictures of ours, and keep local links; others' pictures are words", () => {
    const { html } = markdown("![A chart](/assets/images/a.webp) ![x](https://a.example/b.png) [docs](/docs#a)", "ours")
    expect(html).toBe(
      '<p><img src="/assets/images/a.webp" alt="A chart" /> <span>x</span> <a href="/docs#a">docs</a></p>',
    )
  })

  test("code keeps every letter and gets colours by its language", () => {
    const code = `if (a < b && c > "d") { print('&lt;') }`
    const { html } = markdown(`\`\`\`js\n${code}\n\`\`\`\n\n\`\`\`nonsense\n${code}\n\`\`\``, "people", "about")
    const texts = [...html.matchAll(/<code id="about-code-\d">([\s\S]*?)<\/code>/g)].map(([, inner]) => inner!)
    const plain = (text: string) =>
      text
        .replace(/<[^>]*>/g, "")
        .replace(
          /&(lt|gt|quot|#x27|#39|amp);/g,
          (_, name: string) => ({ lt: "<", gt: ">", quot: '"', "#x27": "'", "#39": "'", amp: "&" })[name]!,
        )
    expect(texts.map(plain)).toEqual([code, code])
    expect(texts[0]).toContain('<span class="hl-keyword">if</span>')
    expect(texts[1]).not.toContain("<span")
  })

  test("wide tables scroll in a box that has a name; figures go to the end", () => {
    const { html } = markdown("| Model | Price |\n|-|-:|\n| gpt | 1 |", "people")
    expect(html).toContain(
      '<div class="table-scroll" tabindex="0" role="region" aria-label="Table: Model, Price"><table>',
    )
    expect(html).toContain('<td class="numeric">1</td>')
    expect(html.match(/<div|<\/div/g)).toHaveLength(2)
  })
})
