using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using DcpNas.Native;
using DcpNas.Tests.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace DcpNas.Tests.Foundation;

public class SafetensorsTests
{
    private const string PythonReader = """
        import json, struct, sys
        data = open(sys.argv[1], 'rb').read()
        n = struct.unpack('<Q', data[:8])[0]
        header = json.loads(data[8:8 + n].decode('utf-8'))
        assert (8 + n) % 8 == 0
        body = data[8 + n:]
        codes = {'F64': 'd', 'F32': 'f', 'I64': 'q', 'I32': 'i', 'I8': 'b', 'U8': 'B', 'BOOL': '?', 'F16': 'e'}
        print(json.dumps(header.pop('__metadata__', {}), sort_keys=True))
        for name in sorted(header):
            e = header[name]
            a, b = e['data_offsets']
            if e['dtype'] == 'BF16':
                raw = struct.unpack('<%dH' % ((b - a) // 2), body[a:b])
                values = [struct.unpack('<f', struct.pack('<I', r << 16))[0] for r in raw]
            else:
                code = codes[e['dtype']]
                values = struct.unpack('<%d%s' % ((b - a) // struct.calcsize('<' + code), code), body[a:b])
            print(name, e['dtype'], e['shape'], [float(v) for v in values])
        """;

    public SafetensorsTests()
    {
        LibTorch.Load();
        set_num_threads(1);
    }

    private static Dictionary<string, Tensor> AllTypes() => new()
    {
        ["f64"] = tensor(new[] { 1.0 / 3, double.MaxValue }),
        ["f32"] = tensor(new[] { 1f / 3, float.Epsilon, -0f, 7f, 8f, 9f }).view(2, 3),
        ["f16"] = tensor(new[] { 0.5f, -2f }).to(ScalarType.Float16),
        ["bf16"] = tensor(new[] { 1.5f, -3f, 128f }).to(ScalarType.BFloat16),
        ["i64"] = tensor(new[] { long.MaxValue, long.MinValue }),
        ["i32"] = tensor(new[] { int.MinValue, 3 }),
        ["i16"] = tensor(new short[] { -3, 4 }),
        ["i8"] = tensor(new sbyte[] { -128, 127, 1 }),
        ["u8"] = tensor(new byte[] { 0, 255, 9 }),
        ["bool"] = tensor(new[] { true, false, true }),
        ["scalar é \"quoted\""] = tensor(2.5f),
        ["empty"] = empty(0, 3),
    };

    [Fact]
    public void WriteThenRead_AllTypes_GivesTheSameBits()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var tensors = AllTypes();
        var metadata = new Dictionary<string, string> { ["b"] = "zwei\n", ["a"] = "µ" };

        Safetensors.Write(folder["t.safetensors"], tensors, metadata);
        using var file = Safetensors.Read(folder["t.safetensors"]);

        Assert.Equal(metadata, file.Metadata);
        Assert.Equal(tensors.Keys.Order(), file.Tensors.Keys.Order());
        foreach (var (name, expected) in tensors)
        {
            var actual = file.Tensors[name];
            Assert.Equal(expected.dtype, actual.dtype);
            Assert.Equal(expected.shape, actual.shape);
            Assert.Equal(expected.bytes.ToArray(), actual.bytes.ToArray());
        }
    }

    [Fact]
    public void Write_AllTypes_GivesTheBytesOfEarlierVersions()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();

        Safetensors.Write(folder["t.safetensors"], AllTypes(), new Dictionary<string, string> { ["b"] = "zwei\n<>\u2028", ["a"] = "µ" });
        Safetensors.Write(folder["bare.safetensors"], AllTypes());

        Assert.Equal("55485fab80c3e568ece0f5abd71f42168bdc86a11c47aaf9c9445b05d149b4a9", Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(folder["t.safetensors"]))));
        Assert.Equal("ace240d2af0051e660e71fb716412fb9d4f5a2154ecc9e6b31d20c4f446fecfe", Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(folder["bare.safetensors"]))));
    }

    [Fact]
    public void Write_ViewsAndStridedTensors_StoresTheirLogicalOrder()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var whole = arange(24, ScalarType.Int32).view(2, 3, 4);

        Safetensors.Write(folder["t.safetensors"], new Dictionary<string, Tensor> { ["t"] = whole.permute(2, 0, 1), ["n"] = whole.narrow(1, 1, 1) });
        using var file = Safetensors.Read(folder["t.safetensors"]);

        Assert.Equal(whole.permute(2, 0, 1).contiguous().bytes.ToArray(), file.Tensors["t"].bytes.ToArray());
        Assert.Equal([4, 5, 6, 7, 16, 17, 18, 19], file.Tensors["n"].data<int>().ToArray());
    }

    [Fact]
    public void Write_InAnotherOrder_GivesTheSameBytes()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var tensors = AllTypes();
        var metadata = new Dictionary<string, string> { ["b"] = "2", ["a"] = "1" };

        Safetensors.Write(folder["1"], tensors, metadata);
        Safetensors.Write(folder["2"], tensors.Reverse().ToDictionary(), metadata.Reverse().ToDictionary());

        Assert.Equal(File.ReadAllBytes(folder["1"]), File.ReadAllBytes(folder["2"]));
        Assert.False(File.Exists(folder["1.tmp"]));
    }

    [Fact]
    public void Write_ReadByPython_GivesTheSameValues()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var tensors = AllTypes();
        tensors.Remove("i16");
        Safetensors.Write(folder["t.safetensors"], tensors, new Dictionary<string, string> { ["note"] = "grün" });

        var lines = Python.Run(PythonReader, folder["t.safetensors"]).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("""{"note": "gr\u00fcn"}""", lines[0]);
        Assert.Contains("bf16 BF16 [3] [1.5, -3.0, 128.0]", lines);
        Assert.Contains("bool BOOL [3] [1.0, 0.0, 1.0]", lines);
        Assert.Contains("empty F32 [0, 3] []", lines);
        Assert.Contains("f16 F16 [2] [0.5, -2.0]", lines);
        Assert.Contains("f64 F64 [2] [0.3333333333333333, 1.7976931348623157e+308]", lines);
        Assert.Contains("i8 I8 [3] [-128.0, 127.0, 1.0]", lines);
        Assert.Contains("scalar é \"quoted\" F32 [] [2.5]", lines);
        Assert.Equal(12, lines.Length);
    }

    [Fact]
    public void Read_WrittenByPython_GivesTheSameValues()
    {
        using var folder = new TemporaryFolder();
        Python.Run(
            """
            import json, struct, sys
            h = json.dumps({'b': {'dtype': 'I32', 'shape': [2], 'data_offsets': [4, 12]}, 'a': {'dtype': 'F32', 'shape': [], 'data_offsets': [0, 4]}}).encode()
            open(sys.argv[1], 'wb').write(struct.pack('<Q', len(h)) + h + struct.pack('<fii', 0.25, -7, 8))
            """,
            folder["p.safetensors"]);

        using var file = Safetensors.Read(folder["p.safetensors"]);

        Assert.Empty(file.Metadata);
        Assert.Equal(0.25f, file.Tensors["a"].item<float>());
        Assert.Equal([-7, 8], file.Tensors["b"].data<int>().ToArray());
    }

    [Theory]
    [InlineData("""{}""", 3, "at byte 10, expected the end of the file but found more bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 4, "at the tensors, expected 8 bytes but found 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[500000000000],"data_offsets":[0,2000000000000]}}""", 4, "at the tensors, expected 2000000000000 bytes but found 4")]
    [InlineData("""{"a":{"dtype":"U8","shape":[9223372036854775807],"data_offsets":[0,9223372036854775807]}}""", 4, "at the tensors, expected 9223372036854775807 bytes but found 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "at tensor 'a', expected data_offsets that span shape [3] of F32 but found 8 bytes")]
    [InlineData("""{"a":{"dtype":"F4","shape":[2],"data_offsets":[0,8]}}""", 8, "at tensor 'a', expected a dtype of F64, F32, F16, BF16, I64, I32, I16, I8, U8, BOOL but found 'F4'")]
    [InlineData("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}""", 3, "at tensor 'b', expected data from offset 2 but found 1")]
    [InlineData("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[3,5]}}""", 5, "at tensor 'b', expected data from offset 2 but found 3")]
    [InlineData("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"a":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}""", 4, "at the header, expected JSON in UTF-8 but found broken text (Duplicate property 'a'")]
    [InlineData("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[2,0]}}""", 2, "at tensor 'a', expected data_offsets that span shape [2] of U8 but found -2 bytes")]
    [InlineData("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[2]}}""", 2, "at tensor 'a', expected 2 data_offsets but found 1")]
    [InlineData("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2,4]}}""", 2, "at tensor 'a'.data_offsets, expected at most 2 items but found 3")]
    [InlineData("""{"a":{"dtype":"U8","shape":[-2],"data_offsets":[0,2]}}""", 2, "at tensor 'a'.shape[0], expected a whole number from 0 to 9223372036854775807 but found -2")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1.5],"data_offsets":[0,2]}}""", 2, "at tensor 'a'.shape[0], expected a whole number from 0 to 9223372036854775807 but found 1.5")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1],"data_offsets":[0,1]}}""",
        1, "at tensor 'a'.shape, expected at most 64 items but found 65")]
    [InlineData("""{"a":{"dtype":"U8","data_offsets":[0,2]}}""", 2, "at tensor 'a', expected a key shape but found none")]
    [InlineData("""{"a":{"dtype":"U8","shape":[2],"shape":[2],"data_offsets":[0,2]}}""", 2, "at the header, expected JSON in UTF-8 but found broken text (Duplicate property 'shape'")]
    [InlineData("""{"a":{"dtype":"U8","shape":[2],"strides":[1],"data_offsets":[0,2]}}""", 2, "at tensor 'a', expected known keys but found 'strides'")]
    [InlineData("""{"a":{"dtype":"F64","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""", 0, "at tensor 'a', expected data_offsets that span shape [4611686018427387904, 4] of F64 but found 0 bytes")]
    [InlineData("""{"a":{"dtype":"F64","shape":[0,4611686018427387904,4],"data_offsets":[0,0]}}""", 0, "at tensor 'a', expected data_offsets that span shape [0, 4611686018427387904, 4] of F64")]
    [InlineData("""{"__metadata__":{"k":1}}""", 0, "at __metadata__.k, expected a string but found Number")]
    [InlineData("""{"__metadata__":{"k":"1","k":"2"}}""", 0, "at the header, expected JSON in UTF-8 but found broken text (Duplicate property 'k'")]
    [InlineData("""{"__metadata__":{"k":"\ud800"}}""", 0, "at the header, expected JSON in UTF-8 but found broken text (")]
    [InlineData("""[1]""", 0, "at the header, expected an object but found Array")]
    [InlineData("""{"a":{"dtype":"U8","shape":[2],""", 2, "at the header, expected JSON in UTF-8 but found broken text (")]
    [InlineData("""{} {}""", 0, "at the header, expected JSON in UTF-8 but found broken text (")]
    public void Read_BadHeader_NamesFilePlaceAndFault(string header, int dataBytes, string expected)
    {
        using var folder = new TemporaryFolder();
        var path = WriteRaw(folder, (ulong)Encoding.UTF8.GetByteCount(header), Encoding.UTF8.GetBytes(header), dataBytes);

        var error = Assert.Throws<InputException>(() => Safetensors.Read(path));

        Assert.StartsWith($"{path}: {expected}", error.Message);
        Assert.EndsWith("The file is damaged or is not a safetensors file; use another copy.", error.Message);
    }

    [Theory]
    [InlineData(0UL, "byte 0, expected a header of 2 to 100000000 bytes but found 0")]
    [InlineData(1UL, "byte 0, expected a header of 2 to 100000000 bytes but found 1")]
    [InlineData(3UL, "the header, expected 3 bytes but found 2")]
    [InlineData(100_000_000UL, "the header, expected 100000000 bytes but found 2")]
    [InlineData(100_000_001UL, "byte 0, expected a header of 2 to 100000000 bytes but found 100000001")]
    [InlineData(ulong.MaxValue, "byte 0, expected a header of 2 to 100000000 bytes but found 18446744073709551615")]
    [InlineData(1UL << 63, "byte 0, expected a header of 2 to 100000000 bytes but found 9223372036854775808")]
    public void Read_ImpossibleHeaderLength_IsRefusedBeforeAllocating(ulong length, string expected)
    {
        using var folder = new TemporaryFolder();
        var path = WriteRaw(folder, length, "{}"u8.ToArray(), 0);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var error = Assert.Throws<InputException>(() => Safetensors.Read(path));

        Assert.StartsWith($"{path}: at {expected}.", error.Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Read_InvalidUtf8_SaysSo()
    {
        using var folder = new TemporaryFolder();
        var path = WriteRaw(folder, 9, [.. "{\"a"u8, 0xff, .. "\":{}}"u8], 0);

        var error = Assert.Throws<InputException>(() => Safetensors.Read(path));

        Assert.StartsWith($"{path}: at the header, expected JSON in UTF-8 but found broken text (", error.Message);
    }

    [Fact]
    public void Read_EveryTruncation_IsRefused()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        Safetensors.Write(folder["t"], new Dictionary<string, Tensor> { ["a"] = ones(3), ["b"] = ones(5, ScalarType.Int8) });
        var whole = File.ReadAllBytes(folder["t"]);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(folder["cut"], whole[..length]);
            Assert.Throws<InputException>(() => Safetensors.Read(folder["cut"]));
        }
    }

    [Fact]
    public void Read_MissingFile_SaysSo()
    {
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<InputException>(() => Safetensors.Read(folder["none"]));
        Assert.StartsWith($"{folder["none"]}: cannot be opened: Could not find file", error.Message);
    }

    [Fact]
    public void Write_UnknownType_Throws()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<ArgumentException>(() =>
            Safetensors.Write(folder["t"], new Dictionary<string, Tensor> { ["c"] = zeros(2, ScalarType.ComplexFloat32) }));
        Assert.StartsWith("The element type of tensor 'c' must be one of F64, ", error.Message);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void WriteAndRead_ManyTimes_LeaveNoTensor()
    {
        using var folder = new TemporaryFolder();
        using var value = ones(4, 4);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var i = 0; i < 20; i++)
        {
            Safetensors.Write(folder["t"], new Dictionary<string, Tensor> { ["a"] = value });
            Safetensors.Read(folder["t"]).Dispose();
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static string WriteRaw(TemporaryFolder folder, ulong length, byte[] header, int dataBytes)
    {
        var bytes = new byte[8 + header.Length + dataBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        header.CopyTo(bytes, 8);
        File.WriteAllBytes(folder["bad.safetensors"], bytes);
        return folder["bad.safetensors"];
    }
}
