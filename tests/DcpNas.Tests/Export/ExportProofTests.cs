using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DcpNas.Export;
using DcpNas.Runtime;
using DcpNas.Runtime.Model;
using DcpNas.Tests.Networks;
using DcpNas.Tests.Runs;
using static TorchSharp.torch;

namespace DcpNas.Tests.Export;

/// <summary>The proof finds what is wrong with a model, and nothing is written then.</summary>
public class ExportProofTests
{
    [Fact]
    public void ProveAndWrite_WithAWrongThresholdOfSums_NamesLayerChannelAndPlaceAndWritesNothing()
    {
        using var example = new ExportExample(Examples.Of("cells"));
        var model = PackedExporter.Export(example.Backbone, example.Head, ExportExample.Info);
        // The threshold is moved by two: at least one sum of full windows changes sides. Channel 2 has an ordinary slope and weight.
        var node = model.Graph.Nodes.OfType<BinaryConvolutionNode>().First(node => node.Thresholds is { } thresholds && Math.Abs(thresholds.Span[2]) < 4);
        var old = node.Thresholds!.Value.Span[2];

        var error = Fails(example, Corrupt(model, $"{node.Name}.threshold", bytes => BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], old + 2)));

        Assert.Equal(node.Name, error.Layer);
        Assert.StartsWith("image 0, channel 2, row ", error.Place);
        Assert.Contains("which belongs to the sum ", error.Expected);
        Assert.Equal($"the opposite by the rule '{node.Rules!.Value.Span[2]} {old + 2}'", error.Found);
        Assert.Equal(
            $"The exported model differs from the network, first in layer {error.Layer} at {error.Place}: expected {error.Expected} but found {error.Found}. Nothing was written. This is a bug in DcpNas: please report it.",
            error.Message);
    }

    [Fact]
    public void ProveAndWrite_WithAWrongThresholdOfReals_NamesTheLayer()
    {
        using var example = new ExportExample(Examples.Of("reactnet_a"));
        var model = PackedExporter.Export(example.Backbone, example.Head, ExportExample.Info);

        var error = Fails(example, Corrupt(model, "blocks.0.spatial.signs.threshold", bytes => BinaryPrimitives.WriteSingleLittleEndian(bytes[4..], 0.7f)));

        Assert.Equal("blocks.0.spatial.signs", error.Layer);
        Assert.StartsWith("image 0, channel 1, row ", error.Place);
        Assert.EndsWith(", Below 0.7", error.Found);
    }

    [Fact]
    public void ProveAndWrite_WithAWrongWeight_NamesTheFilter()
    {
        using var example = new ExportExample(Examples.Of("birealnet18"));
        var model = PackedExporter.Export(example.Backbone, example.Head, ExportExample.Info);

        var error = Fails(example, Corrupt(model, "units.2.convolution.weight", bytes => bytes[0] ^= 2));

        Assert.Equal("units.2.convolution", error.Layer);
        Assert.Equal("filter 0, input channel 1, tap 0", error.Place);
    }

    [Fact]
    public void ProveAndWrite_WithAWrongScale_IsSeenBehindIt()
    {
        using var example = new ExportExample(Examples.Of("birealnet18"));
        var model = PackedExporter.Export(example.Backbone, example.Head, ExportExample.Info);

        var error = Fails(example, Corrupt(model, "units.2.scale", bytes => BinaryPrimitives.WriteSingleLittleEndian(bytes, 9)));

        Assert.Equal("units.3.signs", error.Layer);
    }

    [Fact]
    public void ProveAndWrite_WithAWrongBiasOfTheHead_NamesTheLogit()
    {
        using var example = new ExportExample(Examples.Of("birealnet18"));
        var model = PackedExporter.Export(example.Backbone, example.Head, ExportExample.Info);

        var error = Fails(example, Corrupt(model, "head.bias", bytes => BinaryPrimitives.WriteSingleLittleEndian(bytes[12..], 0.25f)));

        Assert.Equal(GraphOutput.Logits, error.Layer);
        Assert.Equal("image 0, class 3", error.Place);
    }

    [Fact]
    public void ProveAndWrite_OfAnotherNetwork_IsSeen()
    {
        using var example = new ExportExample(Examples.Of("cells"));
        using var other = new ExportExample(Examples.Of("cells"), seed: 6);
        Fails(example, PackedExporter.Export(other.Backbone, other.Head, ExportExample.Info));
    }

    [Fact]
    public void ProveAndWrite_WithoutImages_IsRefused()
    {
        using var folder = new TemporaryFolder();
        using var example = new ExportExample(Examples.Of("birealnet18"));
        var error = Assert.Throws<InputException>(() => PackedExportFile.ProveAndWrite(
            example.Backbone, example.Head, PackedExporter.Export(example.Backbone, example.Head, ExportExample.Info), [], folder["model"], null, TestContext.Current.CancellationToken));
        Assert.Equal("A proof needs at least one image, got none. Use a data set with validation images.", error.Message);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void ProveAndWrite_Cancelled_WritesNothing()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var example = new ExportExample(Examples.Of("birealnet18"));
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => PackedExportFile.ProveAndWrite(
            example.Backbone,
            example.Head,
            PackedExporter.Export(example.Backbone, example.Head, ExportExample.Info),
            [Examples.Images(example.Backbone.Description, 2)],
            folder["model"],
            _ => source.Cancel(),
            source.Token));
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    private static ExportMismatchException Fails(ExportExample example, PackedModel model)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<ExportMismatchException>(() => PackedExportFile.ProveAndWrite(
            example.Backbone, example.Head, model, [Examples.Images(example.Backbone.Description, 2)], folder["model"]));
        Assert.Empty(Directory.GetFiles(folder.Path));
        return error;
    }

    /// <summary>The model with some bytes of a tensor changed, and the hash made to fit: what a fault of the exporter would write.</summary>
    private static PackedModel Corrupt(PackedModel model, string tensor, SpanAction change)
    {
        using var stream = new MemoryStream();
        model.Save(stream);
        var bytes = stream.ToArray();
        var start = 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        var text = Encoding.UTF8.GetString(bytes, 8, start - 8);
        using var header = JsonDocument.Parse(text);
        var offsets = header.RootElement.GetProperty(tensor).GetProperty("data_offsets");
        change(bytes.AsSpan(start + offsets[0].GetInt32(), offsets[1].GetInt32() - offsets[0].GetInt32()));
        var hash = header.RootElement.GetProperty("__metadata__").GetProperty("tensors_sha256").GetString()!;
        text = text.Replace(hash, Convert.ToHexStringLower(SHA256.HashData(bytes.AsSpan(start))), StringComparison.Ordinal);
        Encoding.UTF8.GetBytes(text).CopyTo(bytes, 8);
        return PackedModel.Load(bytes);
    }

    private delegate void SpanAction(Span<byte> bytes);
}
