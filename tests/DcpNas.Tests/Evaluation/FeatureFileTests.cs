using System.Text;
using DcpNas.Data;
using DcpNas.Evaluation;
using DcpNas.Tests.Data;
using static TorchSharp.torch;

namespace DcpNas.Tests.Evaluation;

public sealed class FeatureFileTests
{
    [Fact]
    public void Write_OfBatches_ReadsBackRowByRow()
    {
        using var folder = new TempFolder();
        using var scope = NewDisposeScope();
        var data = new SyntheticDataset(0, 20, test: true);
        int[] indices = [3, 11, 0, 19, 5];
        var features = randn(5, 4);
        var path = Path.Combine(folder.Path, "f.safetensors");
        FeatureFile.Write(path, data, indices, 4, [features.narrow(0, 0, 2), features.narrow(0, 2, 3)], new Dictionary<string, string> { ["kind"] = "features" });

        using var file = Safetensors.Read(path);
        Assert.Equal([5, 4], file.Tensors["features"].shape);
        Assert.Equal(features.data<float>().ToArray(), file.Tensors["features"].data<float>().ToArray());
        Assert.Equal([3, 1, 0, 9, 5], file.Tensors["labels"].data<long>().ToArray());
        var (text, offsets) = (file.Tensors["names"].bytes.ToArray(), file.Tensors["name_offsets"].data<long>().ToArray());
        Assert.Equal(["3", "11", "0", "19", "5"], Enumerable.Range(0, 5).Select(i => Encoding.UTF8.GetString(text[(int)offsets[i]..(int)offsets[i + 1]])));
        var (classes, places) = (file.Tensors["class_names"].bytes.ToArray(), file.Tensors["class_name_offsets"].data<long>().ToArray());
        Assert.Equal(data.ClassNames, Enumerable.Range(0, 10).Select(i => Encoding.UTF8.GetString(classes[(int)places[i]..(int)places[i + 1]])));
    }

    [Fact]
    public void Write_WithTooFewRows_LeavesNoFile()
    {
        using var folder = new TempFolder();
        using var scope = NewDisposeScope();
        var path = Path.Combine(folder.Path, "f.safetensors");
        var error = Assert.Throws<InvalidOperationException>(() => FeatureFile.Write(path, new SyntheticDataset(0, 20, test: true), [1, 2], 4, [zeros(1, 4)], new Dictionary<string, string>()));
        Assert.Equal("Tensor 'features' lacks 16 bytes.", error.Message);
        Assert.Empty(Directory.GetFiles(folder.Path, "*.safetensors"));
    }
}
