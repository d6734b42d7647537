namespace DcpNas.Cost;

/// <summary>What stands before the first cell.</summary>
public enum StemKind
{
    /// <summary>For small images: one 3x3 convolution to 3C channels (<see cref="NetworkGeometry.StemMultiplier"/>) and batch normalisation; both inputs of the first cell are its output.</summary>
    Cifar,

    /// <summary>
    /// For large images: three 3x3 convolutions of stride 2 to C/2, C and C channels, each with batch normalisation, ReLU between them. The
    /// first cell's inputs are the second one's output (before ReLU, at a quarter of the resolution, so it is reduced) and the third one's (at an eighth).
    /// </summary>
    ImageNet,

    /// <summary>
    /// For small images on small processors: as <see cref="Cifar"/>, but the convolution has stride 2, so that no map is larger than half of the image in either direction. Bi-Real-Net and
    /// ReActNet likewise: one 3x3 convolution of stride 2.
    /// </summary>
    Half,
}

/// <summary>What follows from a stem.</summary>
public static class StemKinds
{
    /// <summary>The stride of the one convolution that a stem for small images is: <see cref="StemKind.Cifar"/> or <see cref="StemKind.Half"/>.</summary>
    public static int StrideOfSmall(this StemKind stem) => stem == StemKind.Half ? 2 : 1;
}
