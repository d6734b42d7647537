using System.Buffers.Binary;
using System.Text.Json.Nodes;

namespace DcpNas.Runtime.Tests.Model;

/// <summary>Files whose integers do not fit: what a reader must see to, by docs/model-format.md, section 8.</summary>
public class IntegerFileTests
{
    private const string Remedy = " The file is damaged or comes from another version; export it again.";

    private static readonly byte[] Good = SampleModels.Bytes(SampleModels.Integer(SampleModels.EveryNode(), 1));

    private static readonly (string Name, Action<EditableFile> Damage, string Message)[] Faults =
    [
        ("integers are no object", file => file.Model["integer"] = 1, "at model.integer, expected an object but found Number."),
        ("unknown key", file => file.Model["integer"]!["scale"] = 1, "at model.integer, expected known keys but found 'scale'."),
        ("no agreement", file => file.Model["integer"]!.AsObject().Remove("agreement"), "at model.integer, expected a key agreement but found none."),
        ("share above 1", file => file.Model["integer"]!["agreement"]!["integer_top1"] = 1.5, "at the integer mode, expected a share of fast_top1 from 0 to 1 but found 1.5."),
        ("key of the fast mode", file => file.Model["integer"]!["agreement"]!["fast_top1"] = 1, "at model.integer.agreement, expected known keys but found 'fast_top1'."),
        ("no preprocessing", file => file.Model.Remove("preprocessing"), "at the integer mode, expected preprocessing, which says what pixels are but found none."),
        ("exponent of the image", file => Image(file)["exponent"] = 31, "at model.integer.image.exponent, expected a whole number from -15 to 30 but found 31."),
        ("shift of the image", file => Image(file)["right_shift"] = -1, "at model.integer.image.right_shift, expected a whole number from 0 to 30 but found -1."),
        ("multipliers of the image", file => Image(file)["multiplier"]!.AsArray().RemoveAt(0), "at the image of the integer mode, expected 3 elements in multiplier but found 2."),
        ("negative multiplier of the image", file => Image(file)["multiplier"]![1] = -1, "at the image of the integer mode, expected multiplier from 0 to 32767 but found -1."),
        ("huge multiplier of the image", file => Image(file)["multiplier"]![1] = 32768, "at the image of the integer mode, expected multiplier from 0 to 32767 but found 32768."),
        ("bias of the image beyond 32 bits", file => Image(file)["bias"]![1] = 1L << 31, "at model.integer.image.bias[1], expected a whole number from -2147483648 to 2147483647 but found 2147483648."),
        ("bias of the image", file => Image(file)["bias"]![1] = -(1 << 30) - 1, "at the image of the integer mode, expected bias from -1073741824 to 1073741824 but found -1073741825."),
        ("pixels beyond 16 bits", file => (Image(file)["right_shift"], Image(file)["multiplier"]) = (0, new JsonArray(32767, 32767, 32767)), "at the image of the integer mode, expected the number of pixel 0 in channel 0 from -32768 to 32767 but found "),
        ("node absent", file => Nodes(file).Remove("stem"), "at model.integer.nodes, expected a key stem but found none."),
        ("node too many", file => Nodes(file)["max"] = new JsonObject { ["exponent"] = 1 }, "at model.integer.nodes, expected known keys but found 'max'."),
        ("sign with attributes", file => Nodes(file)["stem.sign"] = new JsonObject(), "at model.integer.nodes, expected known keys but found 'stem.sign'."),
        ("node is no object", file => Nodes(file)["stem"] = 3, "at model.integer.nodes.stem, expected an object but found Number."),
        ("attribute absent", file => Nodes(file)["stem"]!.AsObject().Remove("right_shift"), "at node 'stem', expected an attribute right_shift but found none."),
        ("attribute too many", file => Nodes(file)["node"]!["right_shift"] = 1, "at node 'node', expected attributes of add but found 'right_shift'."),
        ("attribute of another type", file => Nodes(file)["stem"]!["exponent"] = 1.5, "at node 'stem', exponent, expected a whole number of 32 bits but found 1.5."),
        ("exponent", file => Nodes(file)["stem"]!["exponent"] = 31, "at node 'stem', expected an integer exponent from -15 to 30 but found 31."),
        ("low exponent", file => Nodes(file)["head"]!["exponent"] = -16, "at node 'head', expected an integer exponent from -15 to 30 but found -16."),
        ("shift", file => Nodes(file)["stem"]!["right_shift"] = 31, "at node 'stem', expected right_shift from 0 to 30 but found 31."),
        ("negative shift", file => Nodes(file)["block"]!["right_shift"] = -1, "at node 'block', expected right_shift from 0 to 30 but found -1."),
        ("shift of slopes", file => Nodes(file)["block"]!["slope_shift"] = 16, "at node 'block', expected slope_shift from 0 to 15 but found 16."),
        ("no shift of slopes", file => Nodes(file)["block"]!.AsObject().Remove("slope_shift"), "at node 'block', expected an attribute slope_shift but found none."),
        ("shift of slopes without slopes", file => Nodes(file)["reduce.norm"]!["slope_shift"] = 1, "at node 'reduce.norm', expected attributes of affine but found 'slope_shift'."),
        ("exponent above a shortcut's", file => Nodes(file)["block"]!["exponent"] = 30, "at node 'block', expected an integer exponent of at most that of 'stem', "),
        ("exponent above a term's", file => Nodes(file)["node"]!["exponent"] = 30, "at node 'node', expected an integer exponent of at most that of 'block', "),
        ("exponent above a part's", file => Nodes(file)["cell"]!["exponent"] = 30, "at node 'cell', expected an integer exponent of at most that of 'reduce.norm', "),
        ("exponent above the input's", file => Nodes(file)["release"]!["exponent"] = 30, "at node 'release', expected an integer exponent of at most that of 'node', "),
        ("exponent far below the input's", file => (Nodes(file)["node"]!["exponent"], Nodes(file)["block"]!["exponent"], Nodes(file)["stem"]!["exponent"], Nodes(file)["release"]!["exponent"]) = (16, 16, 16, -15),
            "at node 'release', expected an integer exponent below that of its input by from 0 to 30 but found 31."),
        ("bits", file => Nodes(file)["block"]!["bits"] = 7, "at node 'block', expected bits of 8 or 16 but found 7."),
        ("bits of what has none", file => Nodes(file)["pool"]!["bits"] = 8, "at node 'pool', expected attributes of global_average but found 'bits'."),
        ("multiplier of a mean", file => Nodes(file)["pool"]!["multiplier"] = 0, "at node 'pool', expected multiplier from 1 to 2147483647 but found 0."),
        ("multiplier beyond 32 bits", file => Nodes(file)["pool"]!["multiplier"] = 1L << 31, "at node 'pool', multiplier, expected a whole number of 32 bits but found 2147483648."),
        ("shift of a mean", file => Nodes(file)["pool"]!["right_shift"] = 63, "at node 'pool', expected right_shift from 1 to 62 but found 63."),
        ("no shift of a mean", file => Nodes(file)["pool"]!["right_shift"] = 0, "at node 'pool', expected right_shift from 1 to 62 but found 0."),
        ("weights of another type", file => file.Tensor("head.integer_weight")["dtype"] = "U8", "at tensor 'head.integer_weight', expected I8 or I16 but found U8."),
        ("weights of another shape", file => file.Tensor("stem.integer_weight")["shape"] = new JsonArray(66, 3, 1, 9), "at node 'stem', expected integer_weight of shape [66, 3, 3, 3] but found [66, 3, 1, 9]."),
        ("a weight of -128", file => file.Bytes("head.integer_weight")[4] = 0x80, "at node 'head', expected weights of 8 bits from -127 to 127 in integer_weight but found -128."),
        ("a weight of -32768", file => Short(file, "stem.integer_weight", short.MinValue), "at node 'stem', expected an integer weight from -32767 to 32767 but found -32768."),
        ("a negative multiplier", file => Short(file, "stem.integer_multiplier", -1), "at node 'stem', expected an integer multiplier from 0 to 32767 but found -1."),
        ("a bias", file => Int(file, "head.integer_bias", (1 << 30) + 1), "at node 'head', expected an integer bias from -1073741824 to 1073741824 but found 1073741825."),
        ("a sum beyond 32 bits", file => Int(file, "block.integer_bias", int.MaxValue - 65535 + 1), "at node 'block', expected product and bias in channel 0 from 0 to 2147418112 but found "),
        ("the least bias", file => Int(file, "block.integer_bias", int.MinValue), "at node 'block', expected product and bias in channel 0 from 0 to 2147418112 but found "),
        ("a tensor without a slot", file => Rename(file, "block.integer_offset", "block.integer_shift"), "at node 'block', expected a tensor 'block.integer_offset' but found none."),
        ("thresholds absent", file => Rename(file, "stem.sign.integer_threshold", "stem.integer_threshold"), "at node 'stem.sign', expected a tensor 'stem.sign.integer_threshold' but found none."),
        ("tensors without integers", file => file.Model.Remove("integer"), "at tensor '"),
    ];

    public static TheoryData<string> FaultNames() => [.. Faults.Select(fault => fault.Name)];

    [Theory]
    [MemberData(nameof(FaultNames))]
    public void Load_OfWrongIntegers_SaysWhereAndWhy(string name)
    {
        var (_, damage, message) = Faults.Single(fault => fault.Name == name);
        var file = new EditableFile(Good);
        damage(file);

        var problem = Assert.Throws<PackedModelException>(() => PackedModel.Load(file.ToBytes(), "net"));

        Assert.StartsWith($"net: {message}", problem.Message, StringComparison.Ordinal);
        Assert.EndsWith(Remedy, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OfWeightsWhoseSumCanOverflow_SaysWhichChannel()
    {
        var graph = new DcpNas.Runtime.Model.GraphBuilder(1, 1, 517);
        graph.Output("out", graph.Convolution("wide", graph.Relu("relu", graph.Image), [.. Enumerable.Repeat(1f, 2 * 517)], [], DcpNas.Runtime.Model.ConvolutionGeometry.Pointwise));
        var model = SampleModels.Integer(graph.Build(new ModelInfo { Producer = "test" }), 1);
        var file = new EditableFile(SampleModels.Bytes(model));
        Assert.All(file.Bytes("wide.integer_weight").ToArray(), weight => Assert.Equal(126, weight)); // 517 * 127 is more than 65535, so that the writer has made them smaller

        file.Bytes("wide.integer_weight")[517..].Fill(127);

        Assert.Equal(
            $"net: at node 'wide', expected sum of the integer weights' sizes of output channel 1 from 0 to 65535 but found 65659.{Remedy}",
            Assert.Throws<PackedModelException>(() => PackedModel.Load(file.ToBytes(), "net")).Message);
    }

    [Fact]
    public void Save_ThenLoad_GivesTheSameBytes() => Assert.Equal(Good, SampleModels.Bytes(PackedModel.Load(Good)));

    private static JsonObject Image(EditableFile file) => file.Model["integer"]!["image"]!.AsObject();

    private static JsonObject Nodes(EditableFile file) => file.Model["integer"]!["nodes"]!.AsObject();

    private static void Short(EditableFile file, string tensor, short value) => BinaryPrimitives.WriteInt16LittleEndian(file.Bytes(tensor), value);

    private static void Int(EditableFile file, string tensor, int value) => BinaryPrimitives.WriteInt32LittleEndian(file.Bytes(tensor), value);

    private static void Rename(EditableFile file, string tensor, string name)
    {
        var entry = file.Tensor(tensor).DeepClone();
        file.Header.Remove(tensor);
        file.Header[name] = entry;
    }
}
