/*
 * The bytes of page.html, page.css, page_data.js and page.js, which the Makefile embeds, and how many
 * there are. page.html has a line @css@, a line @data@ and a line @js@, in this order.
 */
#ifndef W2V_DRAW_PAGE_FILES_H
#define W2V_DRAW_PAGE_FILES_H

#include <stddef.h>

extern const unsigned char page_html[], page_css[], page_data_js[], page_js[];
extern const size_t page_html_bytes, page_css_bytes, page_data_js_bytes, page_js_bytes;

#endif
