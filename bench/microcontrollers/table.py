"""The tables of bench/results/microcontrollers.md of the rows that baselines.sh has measured.

    table.py ROWS
"""
import json
import sys

NAMES = {'binary': '1-bit'}


def write(head, lines):
    print('| ' + ' | '.join(head) + ' |\n| --- |' + ' --: |' * (len(head) - 1))
    for line in lines:
        print('| ' + ' | '.join(line) + ' |')
    print()


def main():
    with open(sys.argv[1], encoding='utf-8') as file:
        rows = [json.loads(line) for line in file]
    by = {(one['network'], one['arithmetic'], one['core']): one for one in rows}
    cores = list(dict.fromkeys(one['core'] for one in rows))
    kinds = sorted(dict.fromkeys((one['network'], one['arithmetic']) for one in rows), key=lambda kind: kind[1] != 'int8')
    networks = list(dict.fromkeys(network for network, arithmetic in kinds if arithmetic != 'int8'))
    titles = [f'{network}, {NAMES.get(arithmetic, arithmetic)}' for network, arithmetic in kinds]

    def counted(one):
        return f'{one["instructions"] / 1e6:,.2f} M ({one["instructions"] / one["macs"]:.2f})'

    write(['core', *titles], ([core, *(counted(by[(*kind, core)]) for kind in kinds)] for core in cores))

    def ratios(core, network):
        ours, real, int8 = by[(network, 'binary', core)], by[(network, 'float32', core)], by[('resnet8', 'int8', core)]
        image = ours['instructions'] / int8['instructions']
        return [f'{image:.2f}', f'{image * int8["macs"] / ours["macs"]:.2f}', f'{ours["instructions"] / real["instructions"]:.3f}']

    head = [f'{network} {part}' for network in networks for part in ('/ int8', '/ int8, per multiply-accumulate', '/ float32')]
    write(['core', *head], ([core, *(cell for network in networks for cell in ratios(core, network))] for core in cores))
    shown = [core for core in ('cortex-m0', 'cortex-m3', 'cortex-m4', 'cortex-m55', 'rv32imc') if core in cores]

    def sizes(kind):
        of = [by[(*kind, core)] for core in shown]
        return [f'{of[0]["macs"] / 1e6:.2f} M', f'{of[0]["constants"]:,}', f'{of[0]["ram"]:,}', *(f'{one["code"]:,}' for one in of)]

    write(['bytes', 'multiply-accumulates', 'constants', 'RAM', *(f'code, {core}' for core in shown)], ([title, *sizes(kind)] for title, kind in zip(titles, kinds)))


main()
