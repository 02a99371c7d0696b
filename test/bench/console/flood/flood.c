/*
 * A guest that sends a block of text through its virtio console for each byte that it gets there: as fast as QEMU
 * takes it, which an emulated 16550 with its exit for each byte is not. It speaks virtio's legacy interface (virtio
 * 1.2, 4.1.4.8 and 5.3) to the one port of the device, without interrupts.
 */
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;

enum { PAGE = 4096, BLOCK = 4096, TEXT = 16 * BLOCK, QUEUE_MAX = 256 };
enum { RECEIVE, TRANSMIT };
enum { VENDOR_CONSOLE = 0x10031af4, COMMAND = 0x04, BAR0 = 0x10, IO_AND_MASTER = 0x05 };
enum { FEATURES = 4, ADDRESS = 8, SIZE = 12, SELECT = 14, NOTIFY = 16, STATUS = 18 };
enum { ACKNOWLEDGE = 1, DRIVER = 2, DRIVER_OK = 4, WRITABLE = 2 };

struct descriptor {
	u64 address;
	u32 length;
	u16 flags, next;
};
struct available {
	u16 flags, index, ring[QUEUE_MAX];
};
struct used {
	u16 flags, index;
	struct {
		u32 id, length;
	} ring[QUEUE_MAX];
};
struct queue {
	struct descriptor *descriptors;
	volatile struct available *available;
	volatile struct used *used;
	u16 number, size, seen;
};

static u8 memory[2][4 * PAGE] __attribute__((aligned(4096)));
static u8 stack[PAGE] __attribute__((aligned(16), used));
static u8 text[TEXT], asked[BLOCK];
static struct queue queues[2];
static u16 io;

__attribute__((section(".multiboot"), used)) static const u32 multiboot[] = { 0x1badb002, 0, -0x1badb002u };

static void out8(u16 port, u8 value) { __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port)); }
static void out16(u16 port, u16 value) { __asm__ volatile("outw %0, %1" : : "a"(value), "Nd"(port) : "memory"); }
static void out32(u16 port, u32 value) { __asm__ volatile("outl %0, %1" : : "a"(value), "Nd"(port)); }

static u16 in16(u16 port)
{
	u16 value;
	__asm__ volatile("inw %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

static u32 in32(u16 port)
{
	u32 value;
	__asm__ volatile("inl %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

static void pci(u32 device, u32 offset)
{
	out32(0xcf8, 0x80000000u | device << 11 | offset);
}

static int find_console(void)
{
	for (u32 device = 0; device < 32; device++) {
		pci(device, 0);
		if (in32(0xcfc) != VENDOR_CONSOLE)
			continue;
		pci(device, BAR0);
		io = in32(0xcfc) & 0xfffc;
		pci(device, COMMAND);
		out32(0xcfc, in32(0xcfc) | IO_AND_MASTER);
		return 1;
	}
	return 0;
}

static void set_up(struct queue *queue, u16 number)
{
	out16(io + SELECT, number);
	queue->number = number;
	queue->size = in16(io + SIZE);
	queue->descriptors = (void *)memory[number];
	queue->available = (void *)(queue->descriptors + queue->size);
	u32 end = (u32)queue->available + 4 + 2 * queue->size + 2;
	queue->used = (void *)((end + PAGE - 1) & -PAGE);
	out32(io + ADDRESS, (u32)queue->descriptors / PAGE);
}

static void give(struct queue *queue, void *buffer, u32 length, u16 flags)
{
	queue->descriptors[0] = (struct descriptor){ (u32)buffer, length, flags, 0 };
	queue->available->ring[queue->available->index % queue->size] = 0;
	queue->available->index++;
	out16(io + NOTIFY, queue->number);
}

/* How many bytes the device has put into the buffer, once it is done with it. */
static u32 wait(struct queue *queue)
{
	while (queue->used->index == queue->seen)
		__asm__ volatile("pause");
	return queue->used->ring[queue->seen++ % queue->size].length;
}

static void write_text(void)
{
	char digits[12];
	for (u32 at = 0, line = 1; at < TEXT; line++) {
		u32 count = 0;
		digits[count++] = '\n';
		for (u32 rest = line; rest > 0; rest /= 10)
			digits[count++] = '0' + rest % 10;
		while (count > 0 && at < TEXT)
			text[at++] = digits[--count];
	}
}

__attribute__((used)) static void flood(void)
{
	write_text();
	if (!find_console())
		return;
	out8(io + STATUS, 0);
	out8(io + STATUS, ACKNOWLEDGE | DRIVER);
	out32(io + FEATURES, 0);
	set_up(&queues[RECEIVE], RECEIVE);
	set_up(&queues[TRANSMIT], TRANSMIT);
	out8(io + STATUS, ACKNOWLEDGE | DRIVER | DRIVER_OK);
	for (u32 at = 0;;) {
		give(&queues[RECEIVE], asked, sizeof(asked), WRITABLE);
		for (u32 count = wait(&queues[RECEIVE]); count > 0; count--) {
			give(&queues[TRANSMIT], text + at, BLOCK, 0);
			wait(&queues[TRANSMIT]);
			at = (at + BLOCK) % TEXT;
		}
	}
}

__attribute__((naked, used)) void start(void)
{
	__asm__ volatile("mov $stack + 4096, %esp\n call flood\n 1: hlt\n jmp 1b");
}
