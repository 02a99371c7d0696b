/* The VGA text screen: 80 x 25 cells of a character and its colour. */
#include "port.h"
#include "tiny.h"

enum { COLUMNS = 80, ROWS = 25, COLOUR = 0x1f };

static volatile uint16_t *const cells = (volatile uint16_t *)0xb8000;
static unsigned row, column;

static uint16_t cell(char c) { return (uint16_t)(COLOUR << 8 | (uint8_t)c); }

static void move_cursor(void) {
  unsigned position = row * COLUMNS + column;
  out8(0x3d4, 0x0f);
  out8(0x3d5, (uint8_t)position);
  out8(0x3d4, 0x0e);
  out8(0x3d5, (uint8_t)(position >> 8));
}

void screen_clear(void) {
  for (unsigned i = 0; i < COLUMNS * ROWS; i++) cells[i] = cell(' ');
  row = column = 0;
  move_cursor();
}

static void scroll(void) {
  for (unsigned i = 0; i < COLUMNS * (ROWS - 1); i++) cells[i] = cells[i + COLUMNS];
  for (unsigned i = COLUMNS * (ROWS - 1); i < COLUMNS * ROWS; i++) cells[i] = cell(' ');
  row = ROWS - 1;
}

static void new_line(void) {
  column = 0;
  if (++row == ROWS) scroll();
}

void screen_put(char c) {
  if (c == '\n') {
    new_line();
  } else if (c == '\b') {
    if (column > 0) cells[row * COLUMNS + --column] = cell(' ');
  } else {
    cells[row * COLUMNS + column] = cell(c);
    if (++column == COLUMNS) new_line();
  }
  move_cursor();
}
