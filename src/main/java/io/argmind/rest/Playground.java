package io.argmind.rest;

import org.springframework.context.annotation.Configuration;
import org.springframework.http.CacheControl;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** The welcome page at {@code /}: a small program to play with. All of it is in one folder. */
@Configuration(proxyBeanMethods = false)
class Playground implements WebMvcConfigurer {
    private static final String FOLDER = "/playground/";

    @Override
    public void addViewControllers(ViewControllerRegistry registry) {
        registry.addViewController("/").setViewName("forward:" + FOLDER + "index.html");
        registry.addRedirectViewController("/playground", "/");
        registry.addRedirectViewController(FOLDER, "/");
    }

    /**
     * Browsers ask each time whether a module is still the same: modules of two versions must not
     * meet.
     */
    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        registry.addResourceHandler(FOLDER + "**")
                .addResourceLocations("classpath:/static" + FOLDER)
                .setCacheControl(CacheControl.noCache());
    }
}
