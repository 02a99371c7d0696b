/* The first serial port (COM1), 115200 baud. */
#include "port.h"
#include "tiny.h"

enum { COM1 = 0x3f8, DATA = COM1, INTERRUPTS = COM1 + 1, FIFO = COM1 + 2, LINE = COM1 + 3, MODEM = COM1 + 4, STATUS = COM1 + 5 };

void serial_init(void) {
  out8(LINE, 0x80); /* the next two registers set the speed */
  out8(DATA, 1);
  out8(INTERRUPTS, 0);
  out8(LINE, 0x03); /* 8 bits, no parity, 1 stop bit */
  out8(FIFO, 0xc7);
  out8(MODEM, 0x0b);
  out8(INTERRUPTS, 0x01); /* tell us when something was typed */
}

void serial_put(char c) {
  while (!(in8(STATUS) & 0x20)) {
  }
  out8(DATA, (uint8_t)c);
}

/* The next typed character, or -1. */
int serial_get(void) {
  return in8(STATUS) & 0x01 ? in8(DATA) : -1;
}
