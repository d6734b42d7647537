using System.Text;
using DcpNas.Data;
using DcpNas.Data.Detection;
using DcpNas.Data.ReIdentification;
using DcpNas.Protocols.Detection;
using DcpNas.Runs;
using DcpNas.SearchSpace;
using DcpNas.Tasks.Classification;
using DcpNas.Tests.Data;

namespace DcpNas.Tests.Foundation;

/// <summary>Whatever the kind of a file that Git LFS has not fetched, its reader says so.</summary>
public sealed class LfsPointerTests
{
    private const string Pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n";

    [Theory]
    [InlineData("best.safetensors")]
    [InlineData("options.json")]
    [InlineData("genotype.json")]
    [InlineData("a.jpg")]
    [InlineData("results.json")]
    [InlineData("x/Annotations/a.xml")]
    [InlineData("x/ImageSets/Main/trainval.txt")]
    [InlineData("annotations/instances_train2017.json")]
    [InlineData("splits_new_detected.json")]
    [InlineData("data_batch_1.bin")]
    [InlineData("train-images-idx3-ubyte.gz")]
    public void Read_Pointer_SaysSo(string name)
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.File("x", "Annotations", "_")[..^2]);
        Directory.CreateDirectory(folder.File("x", "ImageSets", "Main", "_")[..^2]);
        File.WriteAllText(folder.File("x", "ImageSets", "Main", "trainval.txt"), "a\n");
        var path = folder.Write(Encoding.ASCII.GetBytes(Pointer), name.Split('/'));
        foreach (var other in (string[])["data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin", "test_batch.bin", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"])
        {
            folder.Write([], other);
        }

        var fault = Assert.Throws<InputException>(() => _ = name switch
        {
            "best.safetensors" => (object)Checkpoint.Load(path),
            "options.json" => TrainOptions.Load(path),
            "genotype.json" => Genotype.Load(path),
            "a.jpg" => ImageFiles.Read(path, null, 8, 8, 3),
            "results.json" => CocoResults.Read(path),
            "splits_new_detected.json" => PersonDatasetCatalog.Open(PersonDatasetNames.Cuhk03Detected, folder.Path),
            "data_batch_1.bin" => DatasetCatalog.Open("cifar10", folder.Path),
            "train-images-idx3-ubyte.gz" => DatasetCatalog.Open("mnist", folder.Path),
            _ => DetectionDatasetCatalog.Open(name[0] == 'x' ? "voc" : "coco", folder.Path),
        });
        Assert.Equal($"{path}: is a Git LFS pointer and not the file itself: its repository was cloned without Git LFS. Install git-lfs, then fetch the file: git lfs pull.", fault.Message);
    }
}
