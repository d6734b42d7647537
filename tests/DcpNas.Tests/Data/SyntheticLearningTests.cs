using DcpNas.Data;
using static TorchSharp.torch;

namespace DcpNas.Tests.Data;

/// <summary>Both halves of the claim on the synthetic data: pixels alone tell little, a small convolutional network learns the classes.</summary>
public sealed class SyntheticLearningTests
{
    private const int TrainImages = 3000;
    private const int TestImages = 1000;

    private readonly DatasetPair _data = DatasetCatalog.Open(
        DatasetNames.Synthetic, null, new DatasetOptions { SyntheticTrainImages = TrainImages, SyntheticTestImages = TestImages, SyntheticSeed = 5 });

    [Fact]
    public void Linear_OnPixels_StaysNearChance()
    {
        DcpNas.Native.LibTorch.Load();
        set_num_threads(1);
        manual_seed(1);
        using var model = nn.Sequential(("flatten", nn.Flatten()), ("linear", nn.Linear(3 * 32 * 32, 10)));
        var (train, test) = Train(model, epochs: 8, learningRate: 1e-3, augment: false);

        // The classifier did learn its training images: the low test accuracy is not a lack of training.
        Assert.True(train > 0.30, $"train {train:P1}, test {test:P1}");
        Assert.True(test < 0.20, $"train {train:P1}, test {test:P1}");
    }

    [Fact]
    public void SmallConvolutionalNetwork_LearnsTheClasses()
    {
        DcpNas.Native.LibTorch.Load();
        set_num_threads(1);
        manual_seed(1);
        using var model = nn.Sequential(
            ("conv1", nn.Conv2d(3, 16, 5, stride: 2, padding: 2)),
            ("bn1", nn.BatchNorm2d(16)),
            ("relu1", nn.ReLU()),
            ("conv2", nn.Conv2d(16, 32, 3, stride: 2, padding: 1)),
            ("bn2", nn.BatchNorm2d(32)),
            ("relu2", nn.ReLU()),
            ("conv3", nn.Conv2d(32, 64, 3, padding: 1)),
            ("bn3", nn.BatchNorm2d(64)),
            ("relu3", nn.ReLU()),
            ("pool", nn.AdaptiveAvgPool2d(1)),
            ("flatten", nn.Flatten()),
            ("linear", nn.Linear(64, 10)));
        var (train, test) = Train(model, epochs: 8, learningRate: 3e-3, augment: true);
        Assert.True(test > 0.55, $"train {train:P1}, test {test:P1}");
    }

    private (double Train, double Test) Train(nn.Module<Tensor, Tensor> model, int epochs, double learningRate, bool augment)
    {
        using var optimizer = optim.Adam(model.parameters(), learningRate);
        using var loader = Loader(_data.Train, shuffle: true, augment ? _data.Augmentation : AugmentationOptions.None);
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            foreach (var batch in loader.Epoch(epoch))
            {
                using (batch)
                using (NewDisposeScope())
                {
                    optimizer.zero_grad();
                    nn.functional.cross_entropy(model.forward(batch.Images), batch.Labels).backward();
                    optimizer.step();
                }
            }
        }

        model.eval();
        using var trainLoader = Loader(_data.Train, shuffle: false, AugmentationOptions.None);
        using var testLoader = Loader(_data.Test, shuffle: false, AugmentationOptions.None);
        return (Accuracy(model, trainLoader), Accuracy(model, testLoader));
    }

    private BatchLoader Loader(IImageDataset data, bool shuffle, AugmentationOptions augmentation) => new(
        data,
        [.. Enumerable.Range(0, data.Count)],
        new BatchLoaderOptions { BatchSize = 50, Shuffle = shuffle, Workers = 0, Seed = 2, Augmentation = augmentation, Statistics = _data.Statistics });

    private static double Accuracy(nn.Module<Tensor, Tensor> model, BatchLoader loader)
    {
        using var noGrad = no_grad();
        long right = 0;
        foreach (var batch in loader.Epoch(0))
        {
            using (batch)
            using (NewDisposeScope())
            {
                right += model.forward(batch.Images).argmax(1).eq(batch.Labels).sum().item<long>();
            }
        }

        return (double)right / loader.ImagesDelivered;
    }
}
