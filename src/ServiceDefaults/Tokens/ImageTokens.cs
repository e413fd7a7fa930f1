namespace Aigc2d.ServiceDefaults.Tokens;

/// <summary>What an image in a prompt counts: by tiles, by patches or by area, as the model's provider has published it.</summary>
public static class ImageTokens
{
    /// <summary>For images whose size cannot be read, as those behind an address: the largest that the tile rule knows.</summary>
    public static readonly ImageSize Unread = new(2048, 4096);

    private const int OfUnknownModel = 2_000;
    private const int PatchPixels = 32;
    private const int MostPatches = 1_536;

    // The first prefix that fits decides, so the longer stand before the shorter. A patch rule has hundredths of a token per patch.
    private static readonly (string Prefix, int Base, int Tile, int PatchHundredths)[] ByModel =
    [
        ("gpt-4o-mini", 2_833, 5_667, 0), ("gpt-4.1-mini", 0, 0, 162), ("gpt-4.1-nano", 0, 0, 246), ("gpt-5-mini", 0, 0, 162), ("gpt-5-nano", 0, 0, 246), ("o4-mini", 0, 0, 172),
        ("gpt-4o", 85, 170, 0), ("chatgpt-4o", 85, 170, 0), ("gpt-4.", 85, 170, 0), ("gpt-4-", 85, 170, 0), ("gpt-5", 70, 140, 0), ("o1", 75, 150, 0), ("o3", 75, 150, 0),
        ("computer-use-preview", 65, 129, 0),
    ];

    public static int Count(string model, ImageSize size, bool isLowDetail)
    {
        var name = ModelName.Bare(model);
        if (name.StartsWith("claude", StringComparison.OrdinalIgnoreCase)) return OfArea(size);
        foreach (var (prefix, baseTokens, tile, patchHundredths) in ByModel)
        {
            if (!name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) continue;
            if (patchHundredths > 0) return (int)Math.Round(Patches(size) * patchHundredths / 100m);
            return isLowDetail ? baseTokens : baseTokens + (tile * Tiles(size));
        }

        return OfUnknownModel;
    }

    /// <summary>Tiles of 512 pixels, after the image was made to fit 2048 × 2048 and its shorter side 768.</summary>
    private static int Tiles(ImageSize size)
    {
        var scale = Math.Min(1.0, 2048.0 / Math.Max(size.Width, size.Height));
        scale *= Math.Min(1.0, 768.0 / (Math.Min(size.Width, size.Height) * scale));
        return Side(size.Width) * Side(size.Height);

        int Side(int pixels) => Math.Max(1, (int)Math.Ceiling(Math.Round(pixels * scale, 6) / 512));
    }

    /// <summary>Patches of 32 pixels; beyond the most that are looked at the image is made smaller until its patches fit in whole.</summary>
    internal static int Patches(ImageSize size)
    {
        double width = size.Width, height = size.Height;
        if (Across(width) * Across(height) <= MostPatches) return (int)(Across(width) * Across(height));

        var scale = Math.Sqrt(MostPatches * (double)PatchPixels * PatchPixels / (width * height));
        var (wide, high) = (width * scale / PatchPixels, height * scale / PatchPixels);
        scale *= Math.Min(Whole(wide) / wide, Whole(high) / high);
        return (int)Math.Min(MostPatches, Across(width * scale) * Across(height * scale));

        static double Across(double pixels) => Math.Max(1, Math.Ceiling(Math.Round(pixels / PatchPixels, 6)));
        static double Whole(double patches) => Math.Max(1, Math.Floor(patches));
    }

    private static int OfArea(ImageSize size)
    {
        const double LongestEdge = 1_568;
        var scale = Math.Min(1.0, LongestEdge / Math.Max(size.Width, size.Height));
        return (int)Math.Clamp(Math.Ceiling(size.Width * scale * (size.Height * scale) / 750), 1, 1_600);
    }
}
