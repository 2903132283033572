// Stands first on every page while it is looked at: collects what goes wrong, and measures when it is asked to.
"use strict";

const wrong = [];

addEventListener("error", event => {
    const place = event.target && (event.target.src || event.target.href);
    wrong.push(`error: ${event.message || place}`);
}, true);
addEventListener("unhandledrejection", event => wrong.push(`error: ${event.reason}`));
addEventListener("securitypolicyviolation", event => wrong.push(`request: ${event.blockedURI}`));
for (const level of ["error", "warn"]) {
    console[level] = (...words) => wrong.push(`console.${level}: ${words.join(" ")}`);
}

const path = element => {
    const own = element.id ? `#${element.id}` : element.className && element.className.baseVal === undefined
        ? `.${[...element.classList].join(".")}` : "";
    const near = element.closest("[id]");
    return `${element.localName}${own}${near && near !== element ? ` in #${near.id}` : ""}`;
};

/// The text nodes that a reader sees, each with its element.
function* texts() {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        const text = walker.currentNode.data.trim();
        const seen = element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0;
        if (text && seen && !element.closest("script, style, template, noscript")) yield [element, text];
    }
}

function formulas() {
    for (const [element, text] of texts()) {
        if (text.includes("$$") && !element.closest("code, pre")) wrong.push(`source of a formula: ${text.slice(0, 60)}`);
    }
}

function images() {
    for (const image of document.images) {
        if (!image.alt) wrong.push(`no alt text: ${image.src}`);
        if (!image.complete || image.naturalWidth === 0) wrong.push(`no image: ${image.src}`);
    }
}

function overflow() {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return;
    const scrolls = element => element && (getComputedStyle(element).overflowX !== "visible" || scrolls(element.parentElement));
    const wide = [...document.querySelectorAll("main *")].filter(element =>
        element.getBoundingClientRect().right > width + 1 && !scrolls(element.parentElement));
    wrong.push(`wider than ${width}: ${wide.slice(0, 3).map(path).join(", ") || "?"}`);
}

/// A table, code or formula that is wider than the page is scrolled, never cut.
function clipped() {
    for (const box of document.querySelectorAll("main table, main pre, main .formula")) {
        const frame = box.localName === "table" ? box.parentElement : box.localName === "pre" ? box.querySelector("code") || box : box;
        const hidden = getComputedStyle(frame).overflowX === "hidden";
        if (hidden && frame.scrollWidth > frame.clientWidth + 1) wrong.push(`clipped: ${path(box)}`);
    }
}

const rgba = text => {
    const [r, g, b, a = 1] = text.match(/[\d.]+/g).map(Number);
    return [r, g, b, a];
};
const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
const light = ([r, g, b]) => {
    const linear = [r, g, b].map(x => x / 255).map(x => x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
};

function ground(element) {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
        const layer = rgba(getComputedStyle(at).backgroundColor);
        layers.push(layer);
        if (layer[3] === 1) break;
    }
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255, 1]);
}

function contrast(theme) {
    const seen = new Set();
    for (const [element, text] of texts()) {
        const below = ground(element);
        const color = over(rgba(getComputedStyle(element).color), below);
        const [bright, dark] = [light(color), light(below)].sort((a, b) => b - a);
        const ratio = (bright + 0.05) / (dark + 0.05);
        const key = `${color} ${below}`;
        if (ratio < 4.5 && !seen.has(key)) {
            seen.add(key);
            wrong.push(`contrast ${ratio.toFixed(2)} (${theme}): ${path(element)}: ${text.slice(0, 30)}`);
        }
    }
}

addEventListener("message", ({ data, source }) => {
    const html = document.documentElement;
    if (data.look === "page") {
        const still = document.createElement("style");
        still.textContent = "* { transition: none !important; animation: none !important }";
        document.head.append(still);
        document.querySelectorAll("details").forEach(details => details.open = true);
        formulas();
        images();
    } else if (data.look === "width") {
        overflow();
        clipped();
    } else {
        // As a reader does it, so that the colours of code change, too.
        const button = document.getElementById(`mdbook-theme-${data.theme}`);
        if (button) button.click();
        else html.classList.add(data.theme);
        contrast(data.theme);
    }
    source.postMessage(wrong.splice(0), "*");
});
