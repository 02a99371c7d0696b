/* The power button, and switching off, where QEMU's firmware puts them (ACPI's PM1 registers). */
#include "port.h"
#include "tiny.h"

enum { STATUS = 0x600, ENABLE = 0x602, CONTROL = 0x604, POWER_BUTTON = 1 << 8, SLEEP = 1 << 13 };

void power_init(void) { out16(ENABLE, POWER_BUTTON); }

int power_button_pressed(void) { return in16(STATUS) & POWER_BUTTON; }

void power_off(void) { out16(CONTROL, SLEEP); }
