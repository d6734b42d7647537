namespace DcpNas.Data;

/// <summary>The names by which commands and option files call data sets.</summary>
public static class DatasetNames
{
    /// <summary>CIFAR-10, official binary files.</summary>
    public const string Cifar10 = "cifar10";

    /// <summary>CIFAR-100 with fine labels, official binary files.</summary>
    public const string Cifar100 = "cifar100";

    /// <summary>MNIST, four IDX files.</summary>
    public const string Mnist = "mnist";

    /// <summary>A folder of images: <c>train/CLASS/*</c> and <c>val/CLASS/*</c>.</summary>
    public const string Folder = "folder";

    /// <summary>Drawn shapes, generated; needs no files.</summary>
    public const string Synthetic = "synthetic";

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> All { get; } = [Cifar10, Cifar100, Mnist, Folder, Synthetic];
}
