using System.Globalization;
using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Tests.Embedded;

/// <summary>Generated C on real images: every number of every image is that of the runtime's integer mode.</summary>
/// <remarks><c>DCPNAS_C_IMAGES</c> says on how many; eng/test-c-images.sh takes all.</remarks>
public sealed class CImagesTests(ITestOutputHelper output) : IDisposable
{
    private const int UsualImages = 300;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dcpnas-c-images");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("cifar10")]
    [InlineData("mnist")]
    public void Run_OnTestImages_GivesTheNumbersOfTheRuntime(string name)
    {
        var most = Environment.GetEnvironmentVariable("DCPNAS_C_IMAGES") is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : UsualImages;
        var model = PackedModel.Load(Path.Combine(Checkout.Folder, "models", $"{name}.dcpnas"));
        if (TestImages.Read(name, most, (int)model.Graph.Input.Elements) is not var (pixels, classes))
        {
            Assert.Skip($"No test images of {name} in the folder of DCPNAS_DATA.");
            return;
        }

        var program = HostProgram.Build(model, _folder.FullName, CCompiler.BuildFastProgram);
        var (ours, runtime) = (HostProgram.Run(program, pixels), HostProgram.RunRuntime(model, pixels));
        var results = (int)model.Graph.Outputs.Sum(result => model.Graph.ShapeOf(result.Value).Elements);
        Assert.Equal(classes.Length * results, ours.Length);
        Assert.Equal(runtime, ours);

        var logits = (int)model.Graph.Outputs.TakeWhile(result => result.Name != GraphOutput.Logits).Sum(result => model.Graph.ShapeOf(result.Value).Elements);
        var right = ours.Chunk(results).Select(numbers => numbers[logits..(logits + model.Info.Classes.Count)])
            .Zip(classes).Count(pair => Array.IndexOf(pair.First, pair.First.Max()) == pair.Second);
        Assert.InRange(right, classes.Length / 3, classes.Length); // images as the network knows them, not some mixture of their pixels
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name}: {classes.Length} images, {ours.Length} numbers of generated C, all equal to the runtime's; {right} classes right"));
    }
}
