using System.Runtime.InteropServices;
using DcpNas.Tests.Runs;
using static TorchSharp.torch;

namespace DcpNas.Tests.Foundation;

public sealed class SafetensorsWriterTests
{
    private static readonly (string Name, ScalarType Type, long[] Shape)[] Tensors =
        [("names", ScalarType.Byte, [5]), ("values", ScalarType.Float32, [3, 2]), ("labels", ScalarType.Int64, [3])];

    private static readonly Dictionary<string, string> Metadata = new() { ["kind"] = "test" };

    [Fact]
    public void Write_InPiecesInAnyOrder_ReadsBackAsTheWholeReaderSeesIt()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "a.safetensors");
        SafetensorsWriter.Write(path, Tensors, Metadata, stream =>
        {
            stream.Append("values", MemoryMarshal.AsBytes<float>([1, 2]));
            stream.Append("names", "he"u8);
            stream.Append("labels", MemoryMarshal.AsBytes<long>([7, 8, 9]));
            stream.Append("values", MemoryMarshal.AsBytes<float>([3, 4, 5, 6]));
            stream.Append("names", "llo"u8);
        });

        using var file = Safetensors.Read(path);
        Assert.Equal("test", file.Metadata["kind"]);
        Assert.Equal([3, 2], file.Tensors["values"].shape);
        Assert.Equal([1, 2, 3, 4, 5, 6], file.Tensors["values"].data<float>().ToArray());
        Assert.Equal([7, 8, 9], file.Tensors["labels"].data<long>().ToArray());
        Assert.Equal("hello"u8.ToArray(), file.Tensors["names"].bytes.ToArray());
        Assert.Equal(["labels", "values", "names"], file.Tensors.Keys); // large elements first: every tensor is aligned
    }

    [Fact]
    public void Write_TheSameTensorsAsSafetensors_GivesTheSameBytes()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        var (whole, streamed) = (Path.Combine(folder.Path, "a"), Path.Combine(folder.Path, "b"));
        Safetensors.Write(whole, new Dictionary<string, Tensor> { ["x"] = arange(6, dtype: ScalarType.Float32).view(2, 3), ["y"] = arange(2) }, Metadata);
        SafetensorsWriter.Write(streamed, [("x", ScalarType.Float32, [2, 3]), ("y", ScalarType.Int64, [2])], Metadata, stream =>
        {
            stream.Append("y", MemoryMarshal.AsBytes<long>([0, 1]));
            stream.Append("x", MemoryMarshal.AsBytes<float>([0, 1, 2, 3, 4, 5]));
        });
        Assert.Equal(File.ReadAllBytes(whole), File.ReadAllBytes(streamed));
    }

    [Fact]
    public void Write_WithTooFewOrTooManyBytes_SaysSoAndKeepsTheOldFile()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "a.safetensors");
        File.WriteAllText(path, "old");
        (string, ScalarType, long[])[] one = [("x", ScalarType.Float32, [2])];

        Assert.Equal("Tensor 'x' lacks 8 bytes.", Assert.Throws<InvalidOperationException>(() => SafetensorsWriter.Write(path, one, Metadata, _ => { })).Message);
        Assert.Equal("Tensor 'x' has room for 8 more bytes, got 9.", Assert.Throws<InvalidOperationException>(() => SafetensorsWriter.Write(path, one, Metadata, stream => stream.Append("x", new byte[9]))).Message);
        Assert.Equal("Unknown tensor 'y'. Known tensors: x.", Assert.Throws<InvalidOperationException>(() => SafetensorsWriter.Write(path, one, Metadata, stream => stream.Append("y", []))).Message);
        Assert.Equal("old", File.ReadAllText(path));
    }
}
