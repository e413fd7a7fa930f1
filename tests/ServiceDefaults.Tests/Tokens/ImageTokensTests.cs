using Aigc2d.ServiceDefaults.Tokens;

namespace Aigc2d.ServiceDefaults.Tests.Tokens;

public sealed class ImageTokensTests
{
    [Theory]
    [InlineData(512, 512, 255, 8500, 210, 225, 256, 415, 630, 440)]
    [InlineData(800, 600, 765, 25501, 630, 675, 475, 770, 1168, 817)]
    [InlineData(1024, 1024, 765, 25501, 630, 675, 1024, 1659, 2519, 1761)]
    [InlineData(1920, 1080, 1105, 36835, 910, 975, 1508, 2443, 3710, 2594)]
    [InlineData(2048, 4096, 1105, 36835, 910, 975, 1458, 2362, 3587, 2508)]
    public void Sizes_count_what_their_models_publish(int width, int height, int gpt4o, int gpt4oMini, int gpt5, int o1, int patches, int gpt5Mini, int gpt5Nano, int o4Mini)
    {
        var size = new ImageSize(width, height);
        Assert.Equal(
            (gpt4o, gpt4oMini, gpt5, o1, patches, gpt5Mini, gpt5Nano, o4Mini),
            (Count("gpt-4o"), Count("gpt-4o-mini"), Count("gpt-5"), Count("o1"), ImageTokens.Patches(size), Count("gpt-5-mini"), Count("gpt-5-nano"), Count("o4-mini")));

        int Count(string model) => ImageTokens.Count(model, size, isLowDetail: false);
    }

    [Fact]
    public void Larger_images_are_made_smaller_until_their_patches_fit() => Assert.Equal(1452, ImageTokens.Patches(new ImageSize(1800, 2400)));

    [Theory]
    [InlineData("claude-haiku-4-5", 750, 100, 100)]
    [InlineData("claude-haiku-4-5", 10_000, 10_000, 1600)]
    [InlineData("some-model", 10, 10, 2000)]
    [InlineData("gpt-4o", int.MaxValue, 1, 85 + (170 * 4))]
    [InlineData("gpt-5-nano", 65_535, 65_535, 3742)]
    public void Other_rules(string model, int width, int height, int expected) => Assert.Equal(expected, ImageTokens.Count(model, new ImageSize(width, height), isLowDetail: false));

    [Fact]
    public void Sizes_are_read_from_the_headers_of_files()
    {
        AssertSize(640, 480, [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, 0, 0, 0, 13, .. "IHDR"u8, 0, 0, 2, 128, 0, 0, 1, 224]);
        AssertSize(640, 480, [.. "GIF89a"u8, 128, 2, 224, 1]);
        AssertSize(640, 480, [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xC0, 0, 17, 8, 1, 224, 2, 128, 3]);
        AssertSize(640, 480, [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBPVP8X"u8, 10, 0, 0, 0, 0, 0, 0, 0, 127, 2, 0, 223, 1, 0]);
        AssertSize(640, 480, [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBPVP8 "u8, 0, 0, 0, 0, 0, 0, 0, 0x9D, 0x01, 0x2A, 128, 2, 224, 1]);
        AssertSize(640, 480, [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBPVP8L"u8, 0, 0, 0, 0, 0x2F, 0x7F, 0xC2, 0x77, 0, 0, 0, 0, 0, 0]);
    }

    [Fact]
    public void Headers_that_do_not_tell_have_no_size()
    {
        byte[][] files = [[], [0xFF, 0xD8], [0xFF, 0xD8, 0xFF, 0xE0, 0, 0, 0xFF, 0xD9, 0, 0, 0, 0], [.. "GIF89a"u8, 0, 0, 0, 0], [.. "BM"u8, .. new byte[40]], [.. "RIFF"u8, .. new byte[40]], new byte[100]];
        foreach (var file in files) Assert.Null(ImageSize.Read(file));
    }

    private static void AssertSize(int width, int height, byte[] file) => Assert.Equal(new ImageSize(width, height), ImageSize.Read(file));
}
