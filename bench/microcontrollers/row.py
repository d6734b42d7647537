"""Makes a row of a measurement: what the program said, and its bytes by readelf.

    row.py CORE ARITHMETIC NETWORK WORK ELF    one JSON object
    row.py --check ROWS                        that int8 gave one hash on every core, and float32 the results of the reader in tests/
"""
import json
import re
import sys

# What belongs to the measurement and not to the network, with the 64-bit division that only printing needs.
HARNESS = re.compile(r'^(main|print_number|count_\w+|board_\w+|reset|fault|call|start|_start|draw_image|look_at|larger|vectors|expected|net_(selftest|hash|steps|class_names|expected)'
                     r'|__aeabi_(uldivmod|ldiv0|idiv0|f2ulz)|__u(div|mod|divmod)(di|moddi)\d|__fixunssfdi|__clz_tab)$')
RESNET8_MACS = 12501632
MOST_THOUSANDTHS = 20


def row(core, arithmetic, network, work, elf):
    with open(elf + '.output', encoding='utf-8') as file:
        said = dict(line.split() for line in file.read().splitlines() if len(line.split()) == 2)
    if 'instructions' not in said:
        raise SystemExit(f'{elf}: the program said {said}')
    code = constants = 0
    with open(elf + '.sections', encoding='utf-8') as file:
        writable = set(re.findall(r'\[ *(\d+)\] \.(?:data|bss)', file.read()))
    with open(elf + '.sizes', encoding='utf-8') as file:
        for line in file:
            parts = line.split()  # number, address, bytes, type, binding, visibility, section, name
            if len(parts) == 8 and parts[6].isdigit() and not HARNESS.match(parts[7].split('.')[0]):
                code += int(parts[2], 0) if parts[3] == 'FUNC' else 0
                constants += int(parts[2], 0) if parts[3] == 'OBJECT' and parts[6] not in writable else 0
    if arithmetic == 'int8':
        binary, real, ram = 0, RESNET8_MACS, int(said['ram'])
    else:
        with open(f'{work}/{network}/macs', encoding='utf-8') as file:
            binary, real = map(int, file.read().split())
        with open(f'{work}/{network}/' + ('c/net.h' if arithmetic == 'binary' else 'float/network.h'), encoding='utf-8') as file:
            sizes = dict(re.findall(r'#define (\w+) (\d+)', file.read()))
        ram = (int(sizes['NET_ARENA_BYTES']) + int(sizes['NET_PIXEL_BYTES']) + 2 * int(sizes['NET_RESULTS']) if arithmetic == 'binary'
               else int(sizes['MEMORY_BYTES']) + int(sizes['PIXEL_BYTES']) + 4 * int(sizes['RESULTS']))
    print(json.dumps({'network': network, 'arithmetic': arithmetic, 'core': core, 'instructions': int(said['instructions']), 'code': code, 'constants': constants, 'ram': ram,
                      'macs': binary + real, 'binary_macs': binary, **{key: int(said[key]) for key in ('hash', 'thousandths') if key in said}}))


def check(path):
    with open(path, encoding='utf-8') as file:
        rows = [json.loads(line) for line in file]
    for network, arithmetic in sorted({(one['network'], one['arithmetic']) for one in rows if 'hash' in one}):
        hashes = {one['hash'] for one in rows if (one['network'], one['arithmetic']) == (network, arithmetic)}
        if len(hashes) > 1:
            raise SystemExit(f'{network}, {arithmetic}: the cores give different results: {hashes}')
    for one in rows:
        if one.get('thousandths', 0) > MOST_THOUSANDTHS:
            raise SystemExit(f'{one["network"]} on {one["core"]}: float32 is {one["thousandths"]} thousandths of the largest result away from the reader in tests/')


if sys.argv[1] == '--check':
    check(sys.argv[2])
else:
    row(*sys.argv[1:])
