using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;

namespace DcpNas.Runtime.Tests.Model;

public class ModelFileTests
{
    private const string Remedy = " The file is damaged or comes from another version; export it again.";

    /// <summary>One row per way in which a header, a graph or a tensor can be wrong: what is done to a good file, and what is said about it.</summary>
    private static readonly (string Name, Action<EditableFile> Damage, string Message)[] Faults =
    [
        ("format name", file => file.Metadata["format"] = "onnx", "at __metadata__, expected format 'dcpnas-packed' but found 'onnx'."),
        ("format absent", file => file.Metadata.Remove("format"), "at __metadata__, expected a key format but found none."),
        ("version", file => file.Metadata["format_version"] = "2", "at __metadata__, expected format version 1 but found '2'."),
        ("unknown metadata", file => file.Metadata["author"] = "x", "at __metadata__, expected known keys but found 'author'."),
        ("metadata absent", file => file.Header.Remove("__metadata__"), "at __metadata__, expected a key format but found none."),
        ("metadata of numbers", file => file.Header["__metadata__"] = new JsonObject { ["format"] = 1 }, "at __metadata__.format, expected a string but found Number."),
        ("dtype", file => file.Tensor("stem.weight")["dtype"] = "F4", "at tensor 'stem.weight', expected a dtype of F64, F32, F16, BF16, I64, I32, I16, I8, U8, BOOL but found 'F4'."),
        ("dtype of no model", file => file.Tensor("stem.sign.rule")["dtype"] = "BOOL", "at tensor 'stem.sign.rule', expected U8 of 1 dimensions but found BOOL of 1."),
        ("dtype of a slot", file => file.Tensor("stem.weight")["dtype"] = "I32", "at tensor 'stem.weight', expected F32 of 4 dimensions but found I32 of 4."),
        ("negative size", file => file.Tensor("stem.bias")["shape"] = new JsonArray(-66), "at tensor 'stem.bias'.shape[0], expected a whole number from 0 to 9223372036854775807 but found -66."),
        ("zero size", file => file.Tensor("stem.bias")["shape"] = new JsonArray(0), "at tensor 'stem.bias', expected data_offsets that span shape [0] of F32 but found 264 bytes."),
        ("fractional size", file => file.Tensor("stem.bias")["shape"] = new JsonArray(6.5), "at tensor 'stem.bias'.shape[0], expected a whole number from 0 to 9223372036854775807 but found 6.5."),
        ("overflowing sizes", file => file.Tensor("stem.bias")["shape"] = new JsonArray(2_000_000_000, 2_000_000_000, 2_000_000_000),
            "at tensor 'stem.bias', expected data_offsets that span shape [2000000000, 2000000000, 2000000000] of F32 but found 264 bytes."),
        ("sizes against offsets", file => file.Tensor("stem.bias")["shape"] = new JsonArray(65), "at tensor 'stem.bias', expected data_offsets that span shape [65] of F32 but found 264 bytes."),
        ("no sizes", file => file.Tensor("stem.bias")["shape"] = new JsonArray(), "at tensor 'stem.bias', expected data_offsets that span shape [] of F32 but found 264 bytes."),
        ("one offset", file => file.Tensor("stem.bias")["data_offsets"] = new JsonArray(4), "at tensor 'stem.bias', expected 2 data_offsets but found 1."),
        ("unknown key of a tensor", file => file.Tensor("stem.bias")["strides"] = 1, "at tensor 'stem.bias', expected known keys but found 'strides'."),
        ("missing key of a tensor", file => file.Tensor("stem.bias").Remove("dtype"), "at tensor 'stem.bias', expected a key dtype but found none."),
        ("tensor is no object", file => file.Header["stem.bias"] = 1, "at tensor 'stem.bias', expected an object but found Number."),
        ("overlap", file => Move(file, -8), "at tensor 'head.weight', expected data from offset "),
        ("hole", file => Move(file, 8), "at tensor 'head.weight', expected data from offset "),
        ("tensor without a node", file => AddTensor(file, "stranger", 1, 1), "at tensor 'stranger', expected a node that uses it but found none."),
        ("tensor without elements", file => AddTensor(file, "stem.empty", 0, 0), "at tensor 'stem.empty', expected 1 to 4 sizes, each at least 1 but found [0]."),
        ("tensor without sizes", file => AddTensor(file, "stem.scalar", 1), "at tensor 'stem.scalar', expected 1 to 4 sizes, each at least 1 but found []."),
        ("tensor of 5 dimensions", file => AddTensor(file, "stem.deep", 1, 1, 1, 1, 1, 1), "at tensor 'stem.deep', expected 1 to 4 sizes, each at least 1 but found [1, 1, 1, 1, 1]."),
        ("tensor without a slot", file => AddTensor(file, "stem.weights", 1, 1), "at tensor 'stem.weights', expected a node that uses it but found none."),
        ("model is no object", file => file.ModelText = "[]", "at model, expected an object but found Array."),
        ("model is no JSON", file => file.ModelText = "{", "at model, expected JSON in UTF-8 but found broken text ("),
        ("unknown key of the model", file => file.Model["license"] = "MIT", "at model, expected known keys but found 'license'."),
        ("no producer", file => file.Model.Remove("producer"), "at model, expected a key producer but found none."),
        ("no nodes", file => file.Model.Remove("nodes"), "at model, expected a key nodes but found none."),
        ("nodes are no array", file => file.Model["nodes"] = 1, "at model.nodes, expected an array but found Number."),
        ("no outputs", file => file.Model["outputs"] = new JsonArray(), "at the graph, expected outputs from 1 to 1024 but found 0."),
        ("output of nothing", file => file.Model["outputs"]![0]!["value"] = "nothing", "at output 'embedding', expected the name of a value but found 'nothing'."),
        ("output twice", file => file.Model["outputs"]![0]!["name"] = "logits", "at output 'logits', expected a name of its own but found one that is taken."),
        ("output of bits", file => file.Model["outputs"]![0]!["value"] = "stem.sign", "at output 'embedding', expected an input of real but found bits 8x8x66."),
        ("input size", file => file.Model["input"]!["height"] = 0, "at model.input.height, expected a whole number from 1 to 32768 but found 0."),
        ("huge input", file => (file.Model["input"]!["height"], file.Model["input"]!["width"]) = (32768, 32768), "at the input, expected a value of at most 1073741824 bytes but found real 32768x32768x3"),
        ("mean", file => file.Model["preprocessing"]!["mean"] = new JsonArray(0.5), "at the preprocessing, expected 3 elements in mean but found 1."),
        ("deviation", file => file.Model["preprocessing"]!["std"]![1] = 0, "at the preprocessing, expected a standard deviation above 0 but found 0."),
        ("fit", file => file.Model["preprocessing"]!["fit"] = "tile", "at model.preprocessing.fit, expected 'crop' or 'stretch' but found 'tile'."),
        ("fit and resize", file => file.Model["preprocessing"]!["fit"] = "stretch", "at the preprocessing, expected no resize where images are stretched but found 40."),
        ("fixed point of bits", file => file.Model["fixed_point"] = FixedPoint("""{"stem.sign": 3}"""), "at the fixed-point numbers, expected names of nodes whose value is real but found 'stem.sign'."),
        ("fixed point of nothing", file => file.Model["fixed_point"] = FixedPoint("""{"nothing": 3}"""), "at the fixed-point numbers, expected names of nodes whose value is real but found 'nothing'."),
        ("exponent", file => file.Model["fixed_point"] = FixedPoint("""{"stem": 31}"""), "at model.fixed_point.exponents.stem, expected a whole number from -15 to 30 but found 31."),
        ("no calibration images", file => file.Model["fixed_point"] = FixedPoint("{}", images: 0), "at model.fixed_point.calibration_images, expected a whole number from 1 to 9223372036854775807 but found 0."),
        ("negative error", file => file.Model["fixed_point"] = FixedPoint("{}", error: -1), "at the fixed-point numbers, expected a finite relative error of at least 0 but found -1."),
        ("share of the same class", file => file.Model["fixed_point"] = FixedPoint("{}", same: 1.5), "at the fixed-point numbers, expected a share of the same class from 0 to 1 but found 1.5."),
        ("unknown key of the fixed point", file => (file.Model["fixed_point"] = FixedPoint("{}"))["scale"] = 1, "at model.fixed_point, expected known keys but found 'scale'."),
        ("classes", file => file.Model["classes"]!.AsArray().RemoveAt(0), "at the classes, expected 10 names, one per logit but found 9."),
        ("network", file => file.Model["network"] = "cells", "at model.network, expected an object but found String."),
        ("long network", file => file.Model["network"]!["architecture"] = new string('x', 1 << 16), "at the network, expected at most 65536 bytes but found 65"),
        ("deep network", file => file.Model["network"]!["architecture"] = Nested(15), "at model, expected JSON in UTF-8 but found broken text (The maximum configured depth of 16 has been exceeded."),
        ("key twice in the network", file => file.ModelText = file.Model.ToJsonString().Replace("\"task\":", "\"task\":1,\"task\":", StringComparison.Ordinal),
            "at model, expected JSON in UTF-8 but found broken text"),
        ("cost", file => file.Model["cost"]!["ops"] = "many", "at model.cost.ops, expected a number but found String."),
        ("node type", file => file.Node("stem")["type"] = "lstm",
            "at node 'stem', expected a type of convolution, sign, binary_convolution, sign_weight_convolution, affine, max_pool, average_pool, add, concat, relu, global_average, linear, identity but found 'lstm'."),
        ("node name", file => file.Node("stem")["name"] = "a b", "at model.nodes[0], expected a name of the characters A-Z a-z 0-9 . _ - but found 'a b'."),
        ("empty node name", file => file.Node("stem")["name"] = "", "at model.nodes[0], expected a name of 1 to 200 characters but found 0 characters."),
        ("node twice", file => file.Node("average")["name"] = "max", "at node 'max', expected a name of its own but found one that is taken."),
        ("node called image", file => file.Node("max")["name"] = "image", "at node 'image', expected a name of its own but found one that is taken."),
        ("input from nowhere", file => file.Node("max")["inputs"]![0] = "nowhere", "at node 'max', expected inputs that nodes before it make but found 'nowhere'."),
        ("input from later", file => file.Node("max")["inputs"]![0] = "cell", "at node 'max', expected inputs that nodes before it make but found 'cell'."),
        ("input from itself", file => file.Node("max")["inputs"]![0] = "max", "at node 'max', expected inputs that nodes before it make but found 'max'."),
        ("no input", file => file.Node("max")["inputs"] = new JsonArray(), "at node 'max', expected 1 input but found 0."),
        ("two inputs", file => file.Node("max")["inputs"] = new JsonArray("stem", "stem"), "at node 'max', expected 1 input but found 2."),
        ("input of another kind", file => file.Node("max")["inputs"]![0] = "stem.sign", "at node 'max', expected an input of real but found bits 8x8x66."),
        ("unread node", file => file.Node("node")["inputs"]!.AsArray().RemoveAt(1), "at node 'max', expected a reader or an output of its value but found neither."),
        ("missing attribute", file => file.Node("max").Remove("stride"), "at node 'max', expected an attribute stride but found none."),
        ("unknown attribute", file => file.Node("max")["ceil"] = true, "at node 'max', expected attributes of max_pool but found 'ceil'."),
        ("attribute of another type", file => file.Node("max")["stride"] = "1", "at node 'max', stride, expected a whole number of 32 bits but found \"1\"."),
        ("huge attribute", file => file.Node("max")["stride"] = 1L << 40, "at node 'max', stride, expected a whole number of 32 bits but found 1099511627776."),
        ("flag of another type", file => file.Node("stem")["relu"] = 1, "at node 'stem', relu, expected true or false but found Number."),
        ("stride of 0", file => file.Node("max")["stride"] = 0, "at node 'max', expected stride from 1 to 64 but found 0."),
        ("padding of a pool", file => file.Node("max")["padding"] = 2, "at node 'max', expected padding from 0 to 1 but found 2."),
        ("offset", file => file.Node("stem")["offset"] = 65, "at node 'stem', expected offset from 0 to 64 but found 65."),
        ("offset beyond the image", file => file.Node("max")["offset"] = 10, "at node 'max', expected an input of at least 11 pixels a side but found 8."),
        ("filter larger than the image", file => (file.Node("stem")["dilation"], file.Node("stem")["padding"]) = (64, 0), "at node 'stem', expected an input of at least 129 pixels a side but found 8."),
        ("kernel against weight", file => file.Node("stem")["kernel"] = 2, "at node 'stem', expected weight of shape [66, 2, 2, 3] but found [66, 3, 3, 3]."),
        ("channels of signs", file => file.Node("block.pointwise")["in_channels"] = 65, "at node 'block.pointwise', expected an input of 65 channels but found 66."),
        ("channels of packed weights", file => file.Node("block.pointwise")["in_channels"] = 700, "at node 'block.pointwise', expected weight of shape [66, 1, 1, 11] but found [66, 1, 1, 2]."),
        ("sums of different size", file => file.Node("reduce.norm")["inputs"]!.AsArray().Add("stem"), "at node 'reduce.norm', expected a shortcut of real 4x4x66 but found real 8x8x66."),
        ("terms of different size", file => file.Node("node")["inputs"]!.AsArray().Add("relu"), "at node 'node', expected inputs that nodes before it make but found 'relu'."),
        ("parts of different size", file => file.Node("cell")["inputs"]![1] = "stem", "at node 'cell', expected inputs of real 4x4 but found real 8x8x66."),
        ("linear on a map", file => file.Node("head")["inputs"]![0] = "cell", "at node 'head', expected an input of one pixel but found real 4x4x132."),
        ("missing tensor", file => RemoveTensor(file, "stem.sign.threshold"), "at node 'stem.sign', expected a tensor 'stem.sign.threshold' but found none."),
        ("threshold without rule", file => RemoveTensor(file, "block.depthwise.rule"), "at node 'block.depthwise', expected threshold and rule together but found no rule."),
        ("bits past the channels", file => file.Bytes("block.pointwise.weight")[15] = 0x80,
            "at node 'block.pointwise', expected zero bits past the last channel in weight but found word 1 = 0x80"),
        ("rule", file => file.Bytes("stem.sign.rule")[5] = 2, "at node 'stem.sign', expected rules 0 or 1 but found 2."),
        ("NaN threshold", file => BinaryPrimitives.WriteSingleLittleEndian(file.Bytes("stem.sign.threshold"), float.NaN), "at node 'stem.sign', expected numbers in threshold but found NaN."),
        ("infinite weight", file => BinaryPrimitives.WriteSingleLittleEndian(file.Bytes("head.weight")[40..], float.NegativeInfinity), "at node 'head', expected finite numbers in weight but found -Infinity."),
        ("NaN scale", file => BinaryPrimitives.WriteSingleLittleEndian(file.Bytes("block.scale"), float.NaN), "at node 'block', expected finite numbers in scale but found NaN."),
    ];

    /// <summary>Lists within each other.</summary>
    private static JsonArray Nested(int depth) => depth == 1 ? [] : new JsonArray(Nested(depth - 1));

    public static TheoryData<string> FaultNames() => [.. Faults.Select(fault => fault.Name)];

    [Theory]
    [MemberData(nameof(FaultNames))]
    public void Load_OfAWrongFile_SaysWhereAndWhy(string name)
    {
        var (_, damage, message) = Faults.Single(fault => fault.Name == name);
        var file = new EditableFile(SampleModels.Bytes(SampleModels.EveryNode()));
        damage(file);

        var problem = Assert.Throws<PackedModelException>(() => PackedModel.Load(file.ToBytes(), "net"));

        Assert.StartsWith($"net: {message}", problem.Message, StringComparison.Ordinal);
        Assert.EndsWith(Remedy, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Save_ThenLoad_GivesTheSameModelAndBytes(int seed)
    {
        var model = SampleModels.EveryNode(seed);
        var bytes = SampleModels.Bytes(model);

        var copy = PackedModel.Load(bytes);

        Assert.Equal(bytes, SampleModels.Bytes(copy));
        Assert.Equal(model.Describe(), copy.Describe());
        Assert.Equal(model.Info.Genotype, copy.Info.Genotype);
        Assert.Equal(model.Info.Network, copy.Info.Network);
        Assert.Equal(model.Info.Classes, copy.Info.Classes);
        Assert.Equal(model.Info.Cost, copy.Info.Cost);
        Assert.Equal(model.Info.Preprocessing!.Mean, copy.Info.Preprocessing!.Mean);
        Assert.Equal(model.Info.Preprocessing.Resize, copy.Info.Preprocessing.Resize);
        Assert.Equal(model.Info.Preprocessing.Fit, copy.Info.Preprocessing.Fit);
    }

    [Fact]
    public void Save_ThenLoad_OfAModelThatStretches_SaysSo()
    {
        var model = SampleModels.EveryNode();
        var stretches = new PackedModel(model.Graph, model.Info with { Preprocessing = model.Info.Preprocessing! with { Resize = null, Fit = ImageFit.Stretch } });

        Assert.Equal(ImageFit.Stretch, PackedModel.Load(SampleModels.Bytes(stretches)).Info.Preprocessing!.Fit);
    }

    [Fact]
    public void Save_ThenLoad_OfRandomGraphs_GivesTheSameResults() => Gen.Int[0, int.MaxValue].Sample(seed =>
    {
        var model = RandomGraphs.Create(seed);
        var copy = PackedModel.Load(SampleModels.Bytes(model));
        var image = new Draw(seed).Reals((int)model.Graph.Input.Elements);
        using var first = new PackedRunner(model);
        using var second = new PackedRunner(copy);
        first.Run(image);
        second.Run(image);
        Assert.All(model.Graph.Outputs, output => Assert.Equal(first.Output(output.Name), second.Output(output.Name)));
    }, iter: 40, threads: 1);

    [Fact]
    public void Save_ToAFile_ReplacesItAndLeavesNothingElse()
    {
        var folder = Directory.CreateTempSubdirectory("dcpnas-");
        try
        {
            var path = Path.Combine(folder.FullName, "net.safetensors");
            var model = SampleModels.EveryNode();
            File.WriteAllText(path, "old");
            model.Save(path);
            Assert.Equal(SampleModels.Bytes(model), File.ReadAllBytes(path));
            Assert.Equal(model.Describe(), PackedModel.Load(path).Describe());
            Assert.Throws<DirectoryNotFoundException>(() => model.Save(Path.Combine(folder.FullName, "no", "net")));
            Assert.Equal([path], Directory.GetFileSystemEntries(folder.FullName));
            Assert.Throws<FileNotFoundException>(() => PackedModel.Load(Path.Combine(folder.FullName, "none")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Save_AlignsEveryTensorToItsElements()
    {
        var bytes = SampleModels.Bytes(SampleModels.EveryNode());
        var file = new EditableFile(bytes);
        Assert.Equal(0, (bytes.Length - file.Data.Length) % 8);
        foreach (var (name, tensor) in file.Header.Where(pair => pair.Key != "__metadata__"))
        {
            var size = tensor!["dtype"]!.GetValue<string>() switch { "I64" => 8, "U8" or "I8" => 1, "I16" => 2, _ => 4 };
            Assert.True((int)tensor["data_offsets"]![0]! % size == 0, name);
        }
    }

    [Theory]
    [InlineData(0, "expected a header of 2 to 100000000 bytes but found 0.")]
    [InlineData(100_000_001, "expected a header of 2 to 100000000 bytes but found 100000001.")]
    [InlineData(-1, "expected a header of 2 to 100000000 bytes but found 18446744073709551615.")]
    public void Load_OfAWrongHeaderLength_SaysSo(long length, string message)
    {
        var bytes = SampleModels.Bytes(SampleModels.EveryNode());
        BinaryPrimitives.WriteInt64LittleEndian(bytes, length);

        Assert.Equal($"net: at byte 0, {message}{Remedy}", Assert.Throws<PackedModelException>(() => PackedModel.Load(bytes, "net")).Message);
    }

    [Fact]
    public void Load_OfEveryTruncation_IsRefused()
    {
        var bytes = SampleModels.Bytes(SampleModels.EveryNode(channels: 3));
        for (var length = 0; length < bytes.Length; length += length < 40 ? 1 : 37)
        {
            Assert.Throws<PackedModelException>(() => PackedModel.Load(bytes.AsMemory(0, length)));
        }

        Assert.Throws<PackedModelException>(() => PackedModel.Load((byte[])[.. bytes, 0]));
    }

    [Fact]
    public void Load_WithOneBitFlipped_IsRefused()
    {
        var bytes = SampleModels.Bytes(SampleModels.EveryNode(channels: 3));
        for (var bit = 3; bit < 8 * bytes.Length; bit += 101)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            var problem = Record.Exception(() => PackedModel.Load(bytes));
            Assert.True(problem is PackedModelException || IsSpace(bytes, bit / 8), $"bit {bit}: {problem}");
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        static bool IsSpace(byte[] bytes, int place) => bytes[place] is (byte)'\t' or (byte)'\n' or (byte)'\r'; // the filling of the header may be any white space
    }

    [Theory]
    [InlineData("{\"a\":{},\"a\":{}}")]
    [InlineData("{} {}")]
    [InlineData("{\"__metadata__\":{\"format\":\"\\ud800\"}}")]
    [InlineData("{\"a\":[[[[[[[[[[[[]]]]]]]]]]]]}")]
    [InlineData("null")]
    [InlineData("{\"a\":")]
    public void Load_OfABrokenHeader_IsRefused(string header) =>
        Assert.Throws<PackedModelException>(() => PackedModel.Load(EditableFile.Join(Encoding.UTF8.GetBytes(header), [])));

    [Fact]
    public void Load_OfTextThatIsNoUtf8_IsRefused() =>
        Assert.Throws<PackedModelException>(() => PackedModel.Load(EditableFile.Join([(byte)'{', (byte)'"', 0xFF, 0xC0, (byte)'"', (byte)':', (byte)'1', (byte)'}'], [])));

    [Fact]
    public void Load_OfAStreamInPieces_EqualsTheWhole()
    {
        var model = SampleModels.EveryNode();
        using var stream = new TrickleStream(SampleModels.Bytes(model));

        Assert.Equal(model.Describe(), PackedModel.Load(stream).Describe());
    }

    [Fact]
    public void Load_OfFalseLengths_AllocatesLittle()
    {
        byte[] Claim(string header) => EditableFile.Join(Encoding.UTF8.GetBytes(header), [1, 2, 3]);
        var twoBillion = Claim("""{"a":{"dtype":"F32","shape":[500000000],"data_offsets":[0,2000000000]}}""");
        var beyondAnArray = Claim("""{"a":{"dtype":"F32","shape":[600000000],"data_offsets":[0,2400000000]}}""");
        byte[][] files = [twoBillion, beyondAnArray, [0, 0xE0, 0xF5, 5, 0, 0, 0, 0, (byte)'{']]; // 2 GB of data, a header of 99.99 MB
        foreach (var file in files)
        {
            Assert.Throws<PackedModelException>(() => PackedModel.Load(file));
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Throws<PackedModelException>(() => PackedModel.Load(file));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 400_000);
        }
    }

    private static JsonObject FixedPoint(string exponents, int images = 1, double error = 0, double same = 1) => new()
    {
        ["exponents"] = JsonNode.Parse(exponents),
        ["calibration_images"] = images,
        ["agreement"] = new JsonObject { ["images"] = 1, ["relative_error"] = error, ["same_class"] = same },
    };

    private static void Move(EditableFile file, int by)
    {
        var offsets = file.Tensor("head.weight")["data_offsets"]!.AsArray();
        (offsets[0], offsets[1]) = ((int)offsets[0]! + by, (int)offsets[1]! + by);
    }

    private static void AddTensor(EditableFile file, string name, int bytes, params int[] shape)
    {
        file.Header[name] = new JsonObject
        {
            ["dtype"] = "U8",
            ["shape"] = new JsonArray([.. shape]),
            ["data_offsets"] = new JsonArray(file.Data.Length, file.Data.Length + bytes),
        };
        file.Data = [.. file.Data, .. new byte[bytes]];
    }

    /// <summary>Takes a tensor out; what follows moves up.</summary>
    private static void RemoveTensor(EditableFile file, string name)
    {
        var offsets = file.Tensor(name)["data_offsets"]!.AsArray();
        var (begin, end) = ((int)offsets[0]!, (int)offsets[1]!);
        file.Header.Remove(name);
        file.Data = [.. file.Data[..begin], .. file.Data[end..]];
        foreach (var (_, tensor) in file.Header.Where(pair => pair.Key != "__metadata__"))
        {
            var others = tensor!["data_offsets"]!.AsArray();
            if ((int)others[0]! >= end)
            {
                (others[0], others[1]) = ((int)others[0]! - (end - begin), (int)others[1]! - (end - begin));
            }
        }
    }

    /// <summary>Gives a byte or three at a time and cannot seek.</summary>
    private sealed class TrickleStream(byte[] bytes) : Stream
    {
        private int _position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var taken = int.Min(int.Min(count, 1 + (_position % 3)), bytes.Length - _position);
            bytes.AsSpan(_position, taken).CopyTo(buffer.AsSpan(offset));
            _position += taken;
            return taken;
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
