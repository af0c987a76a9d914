/* Text from Word or a web page becomes clean markdown when it is pasted. */
"use strict";

window.markdownEditor = window.markdownEditor || {};

(function (editor) {
  const BLOCKS = new Set(
    ("ADDRESS ARTICLE ASIDE BLOCKQUOTE BODY CENTER DD DETAILS DIV DL DT FIELDSET FIGCAPTION FIGURE FOOTER FORM " +
      "H1 H2 H3 H4 H5 H6 HEADER HR LI MAIN NAV OL P PRE SECTION SUMMARY TABLE TBODY TD TFOOT TH THEAD TR UL").split(" "),
  );
  const DROPPED = new Set(
    "SCRIPT STYLE HEAD TITLE META LINK TEMPLATE NOSCRIPT SVG MATH OBJECT IFRAME CANVAS AUDIO VIDEO BUTTON INPUT SELECT TEXTAREA DEL".split(" "),
  );
  const STYLE = "data-pasted-style";

  function styleOf(element) {
    return (element.getAttribute(STYLE) || "").toLowerCase();
  }

  function isDropped(element) {
    const style = styleOf(element);
    return (
      DROPPED.has(element.tagName.toUpperCase()) ||
      /display:\s*none|mso-hide:\s*all|mso-list:\s*ignore|mso-element:\s*(comment|footnote|header|footer)|mso-special-character:\s*comment/.test(style) ||
      element.classList.contains("MsoCommentReference")
    );
  }

  // Runs: pieces of text with one look each. [{text, bold, italic, href}]

  function looks(element, look) {
    const style = styleOf(element);
    const tag = element.tagName;
    const next = { ...look };
    if (tag === "B" || tag === "STRONG") {
      next.bold = true;
    }
    if (tag === "I" || tag === "EM" || tag === "CITE") {
      next.italic = true;
    }
    const weight = style.match(/font-weight:\s*([a-z0-9]+)/);
    if (weight) {
      next.bold = /^(bold|bolder|[6-9]00)$/.test(weight[1]);
    }
    const slant = style.match(/font-style:\s*([a-z]+)/);
    if (slant) {
      next.italic = slant[1] === "italic" || slant[1] === "oblique";
    }
    if (tag === "A") {
      next.href = address(element.getAttribute("href")) || next.href;
    }
    return next;
  }

  /** Return an address as markdown can hold it, or null for one that leads nowhere from here. */
  function address(href) {
    if (!href || href.startsWith("#")) {
      return null;
    }
    let url;
    try {
      url = new URL(href);
    } catch {
      return null;
    }
    if (!["http:", "https:", "mailto:", "tel:"].includes(url.protocol)) {
      return null;
    }
    const own = url.origin === window.location.origin;
    const text = own ? url.pathname + url.search + url.hash : url.href;
    return text.replace(/[()<>\s\\]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`);
  }

  function runsOf(node, look, found) {
    if (node.nodeType === Node.TEXT_NODE) {
      const text = node.nodeValue
        .replace(/[\u00ad\u200b-\u200d\u2060\ufeff]/g, "")
        .replace(/[\s\u00a0]+/g, " ");
      if (text) {
        found.runs.push({ ...look, text });
      }
    } else if (node.nodeType === Node.ELEMENT_NODE && !isDropped(node)) {
      if (node.tagName === "BR") {
        found.runs.push({ ...look, text: "\n" });
      } else if (node.tagName === "IMG" || node.localName === "v:imagedata") {
        found.images += 1;
      } else {
        const inner = looks(node, look);
        node.childNodes.forEach((child) => runsOf(child, inner, found));
        if (BLOCKS.has(node.tagName)) {
          found.runs.push({ ...look, text: " " });
        }
      }
    }
  }

  function alike(one, other) {
    return one.bold === other.bold && one.italic === other.italic && one.href === other.href;
  }

  /** Join neighbours of one look; a space between two of one look takes that look. */
  function joined(runs) {
    const result = [];
    runs.forEach((run) => {
      const last = result[result.length - 1];
      if (last && (alike(last, run) || (!run.text.trim() && run.href === last.href && run.text !== "\n"))) {
        last.text += run.text;
      } else {
        result.push({ ...run });
      }
    });
    return result;
  }

  /** Return `text` so that none of it is taken for markdown. */
  function escaped(text) {
    return text
      .replace(/\\(?=[!-/:-@[-`{-~])/g, "\\\\")
      .replace(/[*`]/g, "\\$&")
      .replace(/(^|[^\p{L}\p{N}])_|_(?=[^\p{L}\p{N}]|$)/gu, (match) => match.replace("_", "\\_"))
      .replace(/!\[/g, "!\\[")
      .replace(/\](?=[([:])/g, "\\]")
      .replace(/<(?=[a-z/!?])/gi, "\\<")
      .replace(/&(?=#?\w+;)/g, "\\&");
  }

  /**
   * Put `mark` around `text`, inside its spaces and inside signs that would undo it. `previous` and
   * `next` are what stands against it.
   */
  function marked(text, mark, previous, next) {
    // "wet**(2019)**" and "**Let op:**tekst" are not bold to CommonMark; "wet(**2019**)" is.
    const glued =
      (/[\p{L}\p{N}]$/u.test(previous) && /^[^\p{L}\p{N}\s]/u.test(text)) ||
      (/^[\p{L}\p{N}]/u.test(next) && /[^\p{L}\p{N}\s]$/u.test(text));
    const parts = glued ? /^([^\p{L}\p{N}]*)([^]*?)([^\p{L}\p{N}]*)$/u : /^(\s*)([^]*?)(\s*)$/;
    const [, lead, words, tail] = text.match(parts);
    return words ? `${lead}${mark}${words}${mark}${tail}` : text;
  }

  /** Return `text` as the words of a link, with its spaces outside. */
  function linked(text, href) {
    const [, lead, label, tail] = text.match(/^(\s*)([^]*?)(\s*)$/);
    if (!href || !label) {
      return text;
    }
    const words = label.replace(/\n/g, " ").replace(/\\[^]|[[\]]/g, (sign) => (sign.length > 1 ? sign : `\\${sign}`));
    return `${lead}[${words}](${href})${tail}`;
  }

  function inMarkdown(runs, plain) {
    const pieces = joined(runs);
    let result = "";
    let label = "";
    pieces.forEach((run, index) => {
      // A link may hold pieces of different looks; its brackets stand between it and the rest.
      const beside = (other) => (other && other.href === run.href ? other.text : "");
      const previous = beside(pieces[index - 1]);
      const next = beside(pieces[index + 1]);
      let text = escaped(run.text);
      if (!plain && run.italic) {
        text = marked(text, "*", previous, next);
      }
      if (!plain && run.bold) {
        text = marked(text, "**", previous, next);
      }
      label += text;
      if (!next) {
        const words = linked(label, run.href);
        // "!" and a link would be an image.
        result = (words.startsWith("[") ? result.replace(/!$/, "\\!") : result) + words;
        label = "";
      }
    });
    return result
      .replace(/ *\n */g, "\n")
      .replace(/ {2,}/g, " ")
      .trim();
  }

  /** Keep the first sign of a line from making it a heading, a list or a line. */
  function safeStart(text) {
    return text
      .split("\n")
      .map((line) => line.replace(/^(#{1,6}|[-+>]|={3,}|~{3,})(?=\s|$|-)/, "\\$1").replace(/^>/, "\\>").replace(/^(\d{1,9})([.)])(?=\s|$)/, "$1\\$2"))
      .join("  \n");
  }

  /** Return `runs` in groups: two line ends in a row are what some programs make of a new paragraph. */
  function paragraphs(runs) {
    const groups = [[]];
    let ends = 0;
    runs.forEach((run) => {
      if (run.text.trim()) {
        if (ends > 1) {
          groups.push([]);
        }
        ends = 0;
      } else if (run.text === "\n") {
        ends += 1;
      }
      groups[groups.length - 1].push(run);
    });
    return groups;
  }

  /** Return the texts of `nodes`, whose outer elements give them `look`, as markdown. */
  function textsOf(nodes, look, found, plain) {
    const own = { runs: [], images: 0 };
    nodes.forEach((node) => runsOf(node, look, own));
    found.images += own.images;
    return paragraphs(own.runs)
      .map((runs) => inMarkdown(runs, plain))
      .filter((text) => text);
  }

  /** Return the text of `nodes` as one line. */
  function lineOf(nodes, look, found, plain) {
    return textsOf(nodes, look, found, plain).join(" ").replace(/\n/g, " ");
  }

  // Blocks: {kind: "text" | "heading" | "list" | "table" | "quote" | "line", …}

  function headingLevel(element) {
    if (/^H[1-6]$/.test(element.tagName)) {
      return Number(element.tagName[1]);
    }
    return element.classList.contains("MsoTitle") ? 1 : 0;
  }

  /** Return {level, ordered, number} if `element` is what Word makes of a list item, or null. */
  function wordItem(element) {
    const level = styleOf(element).match(/mso-list:\s*l\d+\s+level(\d+)/);
    if (element.tagName !== "P" || (!level && !/^MsoListParagraph/.test(element.className))) {
      return null;
    }
    const mark = [...element.querySelectorAll("*")].find((one) => /mso-list:\s*ignore/.test(styleOf(one)));
    if (!level && !mark) {
      return null;
    }
    const sign = mark ? mark.textContent.replace(/[\s\u00a0]+/g, "") : "";
    return {
      level: level ? Number(level[1]) : 1,
      ordered: /^\(?([0-9]+|[a-z]|[ivxlc]+)[.)]/i.test(sign),
      number: Number((sign.match(/(\d{1,9})[.)]*$/) || [])[1]),
    };
  }

  function listItems(list, level, look, found) {
    const items = [];
    const ordered = list.tagName === "OL";
    [...list.children].forEach((child) => {
      if (isDropped(child)) {
        return;
      }
      if (child.tagName === "UL" || child.tagName === "OL") {
        items.push(...listItems(child, level + 1, looks(child, look), found));
        return;
      }
      const stated = Number(child.getAttribute("data-aria-level")) || 0;
      const own = stated || level;
      const parts = blocksOf(child, looks(child, look), found);
      const texts = [];
      const nested = [];
      parts.forEach((part) => {
        if (part.kind === "list") {
          const lowest = Math.min(...part.items.map((item) => item.level));
          nested.push(...part.items.map((item) => ({ ...item, level: own + 1 + item.level - lowest })));
        } else if (part.kind === "table") {
          texts.push(tableText(part.rows));
        } else if (part.kind !== "line") {
          texts.push(safeStart(part.text));
        }
      });
      if (texts.length || nested.length) {
        const number = child.value || (items.length ? 0 : list.start);
        items.push({ level: own, ordered, number, texts: texts.length ? texts : [""] }, ...nested);
      }
    });
    return items;
  }

  /** Return the texts of `rows`, a list for each; a cell that takes more places has its text in the first. */
  function cellTexts(rows, look, found) {
    const grid = rows.map(() => []);
    rows.forEach((row, y) => {
      [...row.cells].filter((cell) => !isDropped(cell)).forEach((cell) => {
        // The heading of a column is bold by itself.
        const own = cell.tagName === "TH" ? look : looks(cell, looks(row, look));
        const text = lineOf([...cell.childNodes], own, found).replace(/\|/g, "\\|");
        const width = Math.min(cell.colSpan, 50);
        const free = grid[y].findIndex((one) => one === undefined);
        const x = free === -1 ? grid[y].length : free;
        // A height of 0 means: to the last row. No cell reaches from the head into the body.
        const height = rows
          .slice(y, cell.rowSpan ? y + cell.rowSpan : undefined)
          .filter((other) => other.parentElement === row.parentElement).length;
        for (let i = 0; i < width * height; i += 1) {
          grid[y + Math.floor(i / width)][x + (i % width)] = i ? "" : text;
        }
      });
    });
    return grid.map((texts) => Array.from(texts, (text) => text || ""));
  }

  /** Return a table as blocks, its caption before it; none if it only lays out. */
  function tableBlocks(table, look, found) {
    const own = [...table.rows].filter(
      (row) => row.closest("table") === table && !isDropped(row) && !isDropped(row.parentElement),
    );
    const rows = cellTexts(own, look, found).filter((row) => row.some((cell) => cell));
    if (!rows.length || Math.max(...rows.map((row) => row.length)) < 2) {
      return [];
    }
    const caption = table.caption && !isDropped(table.caption) ? blocksOf(table.caption, looks(table.caption, look), found) : [];
    return [...caption, { kind: "table", rows }];
  }

  /** Return `element` as blocks; `outer` is the look that it is in. */
  function blockOf(element, outer, found) {
    const look = looks(element, outer);
    const nodes = [...element.childNodes];
    const level = headingLevel(element);
    const item = wordItem(element);
    const table = element.tagName === "TABLE" ? tableBlocks(element, look, found) : [];
    if (level) {
      const text = lineOf(nodes, look, found, true);
      return text ? [{ kind: "heading", level, text }] : [];
    }
    if (item) {
      const texts = textsOf(nodes, look, found).map(safeStart);
      return texts.length ? [{ kind: "list", items: [{ ...item, texts }] }] : [];
    }
    if (element.tagName === "UL" || element.tagName === "OL") {
      const items = listItems(element, 1, look, found);
      return items.length ? [{ kind: "list", items }] : [];
    }
    if (table.length) {
      return table;
    }
    if (element.tagName === "HR") {
      return [{ kind: "line" }];
    }
    if (element.tagName === "BLOCKQUOTE") {
      const text = written(blocksOf(element, look, found));
      return text ? [{ kind: "quote", text }] : [];
    }
    return blocksOf(element, look, found);
  }

  function holdsBlock(node) {
    return (
      node.nodeType === Node.ELEMENT_NODE &&
      (BLOCKS.has(node.tagName) || [...node.querySelectorAll("*")].some((one) => BLOCKS.has(one.tagName)))
    );
  }

  /** Return what stands in `parent` as blocks; `look` is the look that it is in. */
  function blocksOf(parent, look, found) {
    const blocks = [];
    let line = [];

    function endLine() {
      blocks.push(...textsOf(line, look, found).map((text) => ({ kind: "text", text })));
      line = [];
    }

    parent.childNodes.forEach((node) => {
      if (node.nodeType === Node.ELEMENT_NODE && isDropped(node)) {
        return;
      }
      if (holdsBlock(node)) {
        endLine();
        blocks.push(...blockOf(node, look, found));
      } else {
        line.push(node);
      }
    });
    endLine();
    return blocks;
  }

  /** Return items as a list; a number counts for the first of a list alone, as in markdown. */
  function listText(items) {
    const open = []; // of each level that is open: its depth, the width of its mark and its count
    return items
      .map((item, index) => {
        let lead = "";
        while (open.length && open[open.length - 1].level > item.level) {
          open.pop();
        }
        let last = open[open.length - 1];
        if (!last || last.level < item.level || last.ordered !== item.ordered) {
          if (last && last.level === item.level) {
            open.pop();
          }
          const first = item.ordered && item.number > 0 ? item.number : 1;
          last = { level: item.level, ordered: item.ordered, count: first - 1 };
          open.push(last);
          // Of lists with numbers only one that begins with 1 can come right below other words.
          lead = index && last.count ? "\n" : "";
        }
        last.count += 1;
        const mark = item.ordered ? `${last.count}. ` : "- ";
        last.width = mark.length;
        const indent = " ".repeat(open.slice(0, -1).reduce((sum, one) => sum + one.width, 0));
        const inner = indent + " ".repeat(mark.length);
        const text = item.texts.join("\n\n").replace(/\n(?!\n|$)/g, `\n${inner}`);
        return `${lead}${indent}${mark}${text}`.trimEnd();
      })
      .join("\n");
  }

  function tableText(rows) {
    const width = Math.max(...rows.map((row) => row.length));
    const lines = rows.map((row) => `| ${[...row, ...Array(width - row.length).fill("")].join(" | ")} |`);
    lines.splice(1, 0, `|${" --- |".repeat(width)}`);
    return lines.join("\n");
  }

  function written(blocks) {
    const levels = blocks.filter((block) => block.kind === "heading").map((block) => block.level);
    const highest = Math.min(6, ...levels);
    const merged = [];
    blocks.forEach((block) => {
      const last = merged[merged.length - 1];
      const [item] = block.items || [];
      if (item && last && last.kind === "list" && (item.level > 1 || item.ordered === last.items[0].ordered)) {
        // Some programs make a list of its own of every item.
        last.items.push(...block.items);
      } else {
        merged.push(block.kind === "list" ? { kind: "list", items: [...block.items] } : block);
      }
    });
    return merged
      .map((block) => {
        const forms = {
          // The page has a title of its own, so a text starts with headings of level 2.
          heading: () => `${"#".repeat(Math.min(6, block.level - highest + 2))} ${block.text}`,
          list: () => listText(block.items),
          table: () => tableText(block.rows),
          quote: () => block.text.replace(/^/gm, "> ").replace(/^> $/gm, ">"),
          line: () => "---",
          text: () => safeStart(block.text),
        };
        return forms[block.kind]();
      })
      .join("\n\n");
  }

  /** Return HTML from the clipboard as `{markdown, images}`: the text, and how many images not. */
  editor.fromHtml = function (html) {
    // The document is inert, but the browser would still judge its styles by this page's policy.
    const inert = html
      .replace(/<[a-z](?:"[^"]*"|'[^']*'|[^"'>])*>/gi, (tag) => tag.replace(/\sstyle\s*=/gi, ` ${STYLE}=`))
      .replace(/<style\b[^]*?<\/style\s*>/gi, "");
    const body = new DOMParser().parseFromString(inert, "text/html").body;
    const found = { images: 0 };
    const markdown = written(blocksOf(body, {}, found));
    return { markdown, images: found.images };
  };

  /** Let what is pasted in `area` arrive as markdown; an image is handed to `askImage`. */
  editor.startPaste = function ({ area, say, askImage }) {
    let plain = false; // whether the keys for "paste without formatting" were pressed last

    area.addEventListener("keydown", (event) => {
      plain = event.shiftKey && (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "v";
    });

    area.addEventListener("paste", (event) => {
      const asked = plain;
      plain = false;
      if (asked) {
        return; // Firefox has the HTML here then too; the browser itself pastes the text
      }
      const data = event.clipboardData;
      const html = data.getData("text/html");
      const { markdown, images } = html ? editor.fromHtml(html) : { markdown: "", images: 0 };
      const image = [...data.files].find((file) => file.type.startsWith("image/"));
      if (markdown) {
        event.preventDefault();
        if (markdown.includes("\n\n") || /^(#|- |\d+\. |\||> )/.test(markdown)) {
          editor.insertBlock(area, markdown);
        } else {
          editor.replace(area, area.selectionStart, area.selectionEnd, markdown);
        }
        const left = images === 1 ? " Eén afbeelding niet" : ` ${images} afbeeldingen niet`;
        say(`Geplakt met opmaak.${images ? `${left}: plaats die met de knop Afbeelding.` : ""}`);
      } else if (image) {
        event.preventDefault();
        askImage(image);
      }
    });
  };
})(window.markdownEditor);
