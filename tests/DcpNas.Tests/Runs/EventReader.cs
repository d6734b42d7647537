using System.Globalization;

namespace DcpNas.Tests.Runs;

/// <summary>Reads events files with a decoder of its own (Python, standard library): framing, CRC-32C bit by bit, protobuf wire format.</summary>
internal static class EventReader
{
    private const string Script = """
        import struct, sys
        def crc(data):
            c = 0xffffffff
            for b in data:
                c ^= b
                for _ in range(8):
                    c = (c >> 1) ^ (0x82f63b78 if c & 1 else 0)
            c ^= 0xffffffff
            return (((c >> 15) | (c << 17)) + 0xa282ead8) & 0xffffffff
        assert crc(b'123456789') == ((((0xe3069283 >> 15) | (0xe3069283 << 17)) + 0xa282ead8) & 0xffffffff)
        def varint(d, i):
            v = s = 0
            while True:
                v |= (d[i] & 127) << s; s += 7; i += 1
                if d[i - 1] < 128: return v, i
        def fields(d):
            i, out = 0, {}
            while i < len(d):
                key, i = varint(d, i)
                kind = key & 7
                if kind == 0: v, i = varint(d, i)
                elif kind == 1: v, i = d[i:i + 8], i + 8
                elif kind == 5: v, i = d[i:i + 4], i + 4
                elif kind == 2: n, i = varint(d, i); v, i = d[i:i + n], i + n
                else: raise Exception('wire type %d' % kind)
                out.setdefault(key >> 3, []).append(v)
            return out
        doubles = lambda b: list(struct.unpack('<%dd' % (len(b) // 8), b))
        d, i = open(sys.argv[1], 'rb').read(), 0
        while i < len(d):
            n, = struct.unpack('<Q', d[i:i + 8])
            assert crc(d[i:i + 8]) == struct.unpack('<I', d[i + 8:i + 12])[0], 'length crc'
            body = d[i + 12:i + 12 + n]
            assert len(body) == n and crc(body) == struct.unpack('<I', d[i + 12 + n:i + 16 + n])[0], 'body crc'
            i += 16 + n
            e = fields(body)
            wall = struct.unpack('<d', e[1][0])[0]
            step = e.get(2, [0])[0]
            if 3 in e: print('%.3f|%d|version|%s' % (wall, step, e[3][0].decode()))
            elif 7 in e: print('%.3f|%d|session|%d' % (wall, step, fields(e[7][0])[1][0]))
            else:
                for raw in fields(e[5][0])[1]:
                    v = fields(raw)
                    tag = v[1][0].decode()
                    if 2 in v: print('%.3f|%d|%s|%r' % (wall, step, tag, struct.unpack('<f', v[2][0])[0]))
                    elif 5 in v:
                        h = fields(v[5][0])
                        print('%.3f|%d|%s|%r' % (wall, step, tag, [struct.unpack('<d', h[k][0])[0] if k in h else 0.0 for k in range(1, 6)] + doubles(h[6][0]) + doubles(h[7][0])))
                    elif 4 in v:
                        m = fields(v[4][0])
                        print('%.3f|%d|%s|%dx%dx%d %s' % (wall, step, tag, m[2][0], m[1][0], m[3][0], m[4][0].hex()))
                    else:
                        t = fields(v[8][0])
                        print('%.3f|%d|%s|%s %d %s' % (wall, step, tag, fields(fields(v[9][0])[1][0])[1][0].decode(), t[1][0], t[8][0].decode()))
        """;

    public static List<(double WallTime, long Step, string Tag, string Value)> Read(string path) =>
        [.. Python.Run(Script, path).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('|', 4))
            .Select(parts => (double.Parse(parts[0], CultureInfo.InvariantCulture), long.Parse(parts[1], CultureInfo.InvariantCulture), parts[2], parts[3]))];

    /// <summary>What TensorBoard shows: all files in the order of their names; a session start drops what came before from its step on.</summary>
    public static List<(long Step, string Tag, string Value)> Curve(string folder)
    {
        var shown = new List<(long Step, string Tag, string Value)>();
        foreach (var path in Directory.GetFiles(folder).Order(StringComparer.Ordinal))
        {
            foreach (var (_, step, tag, value) in Read(path))
            {
                if (tag == "session")
                {
                    shown.RemoveAll(point => point.Step >= step);
                }
                else if (tag != "version")
                {
                    shown.Add((step, tag, value));
                }
            }
        }

        return shown;
    }
}
