"use strict";
window.markdownEditor = window.markdownEditor || {};
