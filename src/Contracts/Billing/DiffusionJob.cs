namespace Aigc2d.Contracts.Billing;

/// <summary>What decides the price of a Stable Diffusion task: points = round((base + 6 × ControlNet units) × megapixels × steps × images / 2.5).</summary>
public sealed record DiffusionJob
{
    /// <summary>The width of one image, pixels, 1 to 16,384.</summary>
    public required int Width { get; init; }

    /// <summary>The height of one image, pixels, 1 to 16,384.</summary>
    public required int Height { get; init; }

    /// <summary>Sampling steps, 1 to 1,000; 1 for work that has none (upscale, face swap).</summary>
    public int Steps { get; init; } = 1;

    /// <summary>Images, 1 to 128.</summary>
    public int Images { get; init; } = 1;

    /// <summary>ControlNet units, 0 to 3.</summary>
    public int ControlNetUnits { get; init; }
}
