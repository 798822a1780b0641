/* Colours of groups. See palette.h. */
#include "draw/palette.h"

const char *const palette_light[PALETTE_COLOURS] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                                    "#e69f00", "#56b4e9", "#8a7d00", "#444444"};
const char *const palette_dark[PALETTE_COLOURS] = {"#4aa3df", "#f0793a", "#1fbf8f", "#dd92bb",
                                                   "#f0b030", "#8fd0f7", "#f0e442", "#c8c8c8"};
